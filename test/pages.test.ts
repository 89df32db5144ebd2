/**
 * What holds for every page: it says the same in both languages, in the project's terms. Its code:
 * page-examples.test.ts; what holds for those of PyTorch names: api-pages.test.ts.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { readPages } from '../scripts/pages.ts'
import { rules } from '../server/src/generated/rules.ts'
import { parsePage } from '../server/src/page.ts'
import { every } from './support/every.ts'

const pages = readPages()

suite('pages', () => {
  test('a rule page has the sections of every rule page', () => {
    const sections = ['Why', 'Example', 'What to do', 'When to ignore it', 'Links']
    every(pages, ({ kind, path, page }) => {
      if (kind === 'rule') assert.deepEqual(headings(page.markdown.en), sections, path)
    })
  })

  test('a rule page links to the official page, and the same links in both languages', () => {
    every(pages, ({ kind, path, page }) => {
      if (kind === 'rule') assert.match(page.markdown.en, official, path)
      assert.deepEqual(links(page.markdown.zh), links(page.markdown.en), path)
    })
  })

  test('both languages name the same identifiers and numbers', () => {
    every(pages, ({ path, page }) => {
      assert.deepEqual(identifiers(page.markdown.zh), identifiers(page.markdown.en), path)
      assert.deepEqual(numbers(page.markdown.zh), numbers(page.markdown.en), path)
    })
  })

  test('the English part is English', () => {
    for (const { path, page } of pages) assert.doesNotMatch(page.markdown.en, chinese, path)
  })

  test('the Chinese part is Chinese, with Chinese punctuation and a space around Latin words', () => {
    every(pages, ({ path, page }) => {
      assert.doesNotMatch(prose(page.markdown.zh), /(?:\b[A-Za-z][a-z]+\b[ ,]+){4}/, `${path}: an English sentence`)
      for (const line of sentences(page.markdown.zh)) {
        assert.match(line, /[\u4e00-\u9fff]/, `${path}: not Chinese: ${line}`)
        assert.doesNotMatch(line, badlySet, `${path}: ${line}`)
      }
    })
  })

  test('Chinese texts use the terms of docs/glossary.tsv', () => {
    const avoided = glossary().flatMap(({ term, avoid }) => avoid.map(word => ({ term, word })))
    every(chineseTexts(), ({ path, text }) => {
      for (const { term, word } of avoided) assert.ok(!text.includes(word), `${path}: ${term}, not ${word}: ${text}`)
    })
  })

  test('the messages of rules are Chinese, with Chinese punctuation and a space around code', () => {
    every(messages(), ({ path, text }) => {
      assert.match(text, chinese, path)
      assert.doesNotMatch(text, badlySet, `${path}: ${text}`)
      assert.doesNotMatch(text, /[。.]$/, `${path}: ${text}`)
    })
  })
})

test('both READMEs have the same sections and name the same identifiers', () => {
  const [english, chinese] = [read('README.md'), read('README.zh-CN.md')]
  assert.equal(headings(chinese).length, headings(english).length)
  assert.deepEqual(identifiers(chinese), identifiers(english))
})

for (const path of ['docs/json.md', 'docs/ci.md'])
  test(`${path} has the form of a page`, () => {
    const { markdown } = parsePage(read(path), path)
    assert.deepEqual(identifiers(markdown.zh), identifiers(markdown.en))
  })

suite('a malformed page names its file and line', () => {
  const title = '# Title / 标题\n\nSummary.\n\n> 摘要。\n\n'
  for (const [problem, text, message] of [
    ['no title', 'Summary.\n\n> 摘要。\n', /^p\.md:1: a page begins with its title$/],
    ['no summary', '# Title / 标题\n\n```python\nx = 1\n```\n', /^p\.md:2: .* the summary$/],
    ['a paragraph without Chinese', `${title}More.\n\nAnd more.\n`, /^p\.md:7: this paragraph is not followed/],
    ['the last paragraph without Chinese', `${title}More.\n`, /^p\.md:7: this paragraph is not followed/],
    ['Chinese without English', `${title}> 更多。\n`, /^p\.md:7: this Chinese quote follows no English/],
    ['a heading in one language', `${title}## Why\n`, /^p\.md:7: a heading is `English \/ 中文`$/],
    ['something else', `${title}---\n`, /^p\.md:7: .* not thematicBreak$/],
  ] as const)
    test(problem, () => assert.throws(() => parsePage(text, 'p.md'), { message }))
})

test('one language of a page has its own prose and the code of both', () => {
  const text = [
    '# `f` / `f`',
    'First line,\nsecond.',
    '> 第一行，\n> 第二行。',
    '## Why / 为什么',
    '- a\n- b',
    '> - 甲\n> - 乙',
    '```python bad\nx = 1\n```',
    '```truth\nbad gives x = 1\n```',
  ].join('\n\n')
  const { title, summary, markdown, code } = parsePage(text, 'p.md')
  assert.deepEqual(title, { en: '`f`', zh: '`f`' })
  assert.deepEqual(summary, { en: 'First line,\nsecond.', zh: '第一行，\n第二行。' })
  assert.equal(markdown.en, '# `f`\n\nFirst line,\nsecond.\n\n## Why\n\n- a\n- b\n\n```python\nx = 1\n```\n')
  assert.equal(markdown.zh, '# `f`\n\n第一行，\n第二行。\n\n## 为什么\n\n- 甲\n- 乙\n\n```python\nx = 1\n```\n')
  assert.deepEqual(code, [
    { language: 'python', role: 'bad', text: 'x = 1\n', line: 18 },
    { language: 'truth', role: undefined, text: 'bad gives x = 1\n', line: 22 },
  ])
})

/** PyTorch's documentation; its releases, for what they changed. */
const official = /https:\/\/(?:docs\.pytorch\.org|github\.com\/pytorch\/pytorch\/releases)/

interface Text {
  readonly path: string
  readonly text: string
}

/** Whatever a user may read in Chinese. */
function chineseTexts(): readonly Text[] {
  const files = ['README.zh-CN.md', 'package.nls.zh-cn.json', 'l10n/bundle.l10n.zh-cn.json']
  return [
    ...pages.map(({ path, page }) => ({ path, text: page.markdown.zh })),
    ...messages(),
    ...files.map(path => ({ path, text: read(path) })),
  ]
}

function messages(): readonly Text[] {
  return [...rules].flatMap(([id, rule]) =>
    Object.entries(rule.messages).map(([name, { zh }]) => ({ path: `${id}: ${name}`, text: zh })),
  )
}

/** Western punctuation behind a Chinese character, or Latin letters and code that touch one. */
const badlySet = /[\u4e00-\u9fff](?:[,;:?!A-Za-z0-9`])|[A-Za-z0-9`][\u4e00-\u9fff]/

const chinese = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/

function headings(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading)
}

/** Without code blocks. */
function prose(markdown: string): string {
  return markdown.replace(/```[\s\S]*?```/g, '')
}

/** Lines that hold more than code and links. */
function sentences(markdown: string): readonly string[] {
  return prose(markdown)
    .replace(/\]\([^)]*\)/g, ']')
    .split('\n')
    .filter(line => /[\p{L}]/u.test(line.replace(/`[^`]*`/g, '')))
}

function links(markdown: string): readonly string[] {
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
}

/** Code that could not be a word of prose, as a set: `scaler.step`, `unscale_`, `AdamW`. */
function identifiers(markdown: string): readonly string[] {
  const code = [...prose(markdown).matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)
  return [...new Set(code.filter(text => /[._()=]|[a-z][A-Z]/.test(text)))].sort()
}

function numbers(markdown: string): readonly string[] {
  const text = prose(markdown).replace(/`[^`]*`|\]\([^)]*\)/g, '')
  return [...new Set([...text.matchAll(/\d[\d,]*(?:\.\d+)?/g)].map(([number]) => number.replaceAll(',', '')))].sort()
}

function glossary(): readonly { readonly term: string; readonly avoid: readonly string[] }[] {
  const [, ...rows] = readFileSync(new URL('../docs/glossary.tsv', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  return rows.map(row => {
    const [, term = '', avoid = ''] = row.split('\t')
    return { term, avoid: avoid.split('；').filter(word => word !== '') }
  })
}

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
}
