/**
 * `npm run docs`: the documentation site in dist/docs, from the pages that hovers and `torchlint explain` show. A link
 * that leads nowhere fails the build.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'vitepress'
import type { Message } from '../server/src/rules/rule.ts'
import { type PageFile, readPages } from './pages.ts'

const root = join(import.meta.dirname, '..')
const source = join(root, 'dist/site')
const languages = [
  { language: 'en', folder: '' },
  { language: 'zh', folder: 'zh' },
] as const

/** Returns the folder of the site. */
export async function buildSite(): Promise<string> {
  rmSync(source, { recursive: true, force: true })
  const pages = readPages()
  for (const { language, folder } of languages) {
    for (const { path, page } of pages) write(join(folder, path.replace('server/src/', '')), page.markdown[language])
    write(join(folder, 'index.md'), home(language))
    for (const list of lists) write(join(folder, list.folder, 'index.md'), contents(list, pages, language))
  }
  await build(join(root, 'docs'))
  return join(root, 'dist/docs')
}

function write(file: string, text: string): void {
  const path = join(source, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function home(language: keyof Message): string {
  const say = (en: string, zh: string) => JSON.stringify({ en, zh }[language])
  const base = language === 'en' ? '' : '/zh'
  return `---
layout: home
hero:
  name: TorchLint
  text: ${say('Mistakes that ruin PyTorch training runs, found while you type', '写代码时就找出会毁掉 PyTorch 训练的错误')}
  actions:
    - { theme: brand, text: ${say('Rules', '规则')}, link: ${base}/rules/ }
    - { theme: alt, text: ${say('Concepts', '概念')}, link: ${base}/concepts/ }
    - { theme: alt, text: PyTorch, link: ${base}/api/ }
---
`
}

interface List {
  readonly kind: PageFile['kind']
  readonly folder: string
  readonly title: Message
}

const lists: readonly List[] = [
  { kind: 'rule', folder: 'rules', title: { en: 'Rules', zh: '规则' } },
  { kind: 'concept', folder: 'concepts', title: { en: 'Concepts', zh: '概念' } },
  { kind: 'api', folder: 'api', title: { en: 'PyTorch', zh: 'PyTorch' } },
]

function contents({ kind, folder, title }: List, pages: readonly PageFile[], language: keyof Message): string {
  const entries = pages
    .filter(page => page.kind === kind)
    .map(({ name, page, path }) => {
      const link = path.replace(`server/src/${folder}/`, './')
      const id = kind === 'rule' ? ` \`${name}\`` : ''
      return `- [${page.title[language]}](${link})${id}`
    })
  return `# ${title[language]}\n\n${entries.join('\n')}\n`
}

if (import.meta.main) console.log(`The site is in ${await buildSite()}`)
