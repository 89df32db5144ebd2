/** The documentation site: the pages of the product, in two languages. `scripts/docs.ts` writes what it is built from. */
import { type DefaultTheme, defineConfig } from 'vitepress'
import { readPages } from '../../scripts/pages.ts'
import type { Message } from '../../server/src/rules/rule.ts'

const pages = readPages()

export default defineConfig({
  srcDir: '../dist/site',
  outDir: '../dist/docs',
  cacheDir: '../dist/site-cache',
  title: 'TorchLint',
  cleanUrls: false,
  lastUpdated: false,
  locales: {
    root: { label: 'English', lang: 'en', ...texts('en') },
    zh: { label: '简体中文', lang: 'zh-CN', ...texts('zh') },
  },
  themeConfig: {
    socialLinks: [{ icon: 'github', link: 'https://github.com/torchlint/torchlint' }],
    search: { provider: 'local', options: { locales: { zh: { translations: chineseSearch() } }, miniSearch: words() } },
  },
})

function texts(language: keyof Message): { description: string; themeConfig: DefaultTheme.Config } {
  const say = (en: string, zh: string) => ({ en, zh })[language]
  const base = language === 'en' ? '' : '/zh'
  return {
    description: say('The mistakes that ruin PyTorch training runs', '毁掉 PyTorch 训练的那些错误'),
    themeConfig: {
      nav: [
        { text: say('Rules', '规则'), link: `${base}/rules/` },
        { text: say('Concepts', '概念'), link: `${base}/concepts/` },
        { text: 'PyTorch', link: `${base}/api/` },
      ],
      sidebar: {
        [`${base}/rules/`]: families().map(family => ({
          text: family,
          collapsed: true,
          items: items('rule', language, base).filter(({ link }) => link.startsWith(`${base}/rules/${family}/`)),
        })),
        [`${base}/concepts/`]: items('concept', language, base),
        [`${base}/api/`]: items('api', language, base),
      },
      outline: { label: say('On this page', '本页内容') },
      docFooter: { prev: say('Previous page', '上一页'), next: say('Next page', '下一页') },
      darkModeSwitchLabel: say('Appearance', '外观'),
      lightModeSwitchTitle: say('Switch to light theme', '切换到浅色主题'),
      darkModeSwitchTitle: say('Switch to dark theme', '切换到深色主题'),
      sidebarMenuLabel: say('Menu', '菜单'),
      returnToTopLabel: say('Return to top', '回到顶部'),
      langMenuLabel: say('Change language', '切换语言'),
    },
  }
}

function families(): readonly string[] {
  return [...new Set(pages.filter(({ kind }) => kind === 'rule').map(({ name }) => name.split('/')[0] ?? name))]
}

function items(kind: 'rule' | 'api' | 'concept', language: keyof Message, base: string) {
  return pages
    .filter(page => page.kind === kind)
    .map(({ page, path }) => ({
      text: page.title[language].replaceAll('`', ''),
      link: `${base}/${path.replace('server/src/', '').replace(/\.md$/, '')}`,
    }))
}

/** Chinese is written without spaces, and qualified names are looked for by their parts. */
function words() {
  return {
    options: {
      tokenize: (text: string) => {
        const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })
        return Array.from(segmenter.segment(text), ({ segment }) => segment)
          .flatMap(segment => segment.split(/[^\p{L}\p{N}]+/u))
          .filter(word => word !== '')
      },
    },
  }
}

function chineseSearch(): DefaultTheme.LocalSearchOptions['translations'] {
  return {
    button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
    modal: {
      displayDetails: '显示详细列表',
      resetButtonTitle: '清除',
      backButtonTitle: '关闭',
      noResultsText: '没有结果：',
      footer: { selectText: '选择', navigateText: '切换', closeText: '关闭' },
    },
  }
}
