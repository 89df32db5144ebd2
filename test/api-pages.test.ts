/** What holds for the page of a PyTorch name: it has the form that CONTRIBUTING.md gives, and agrees with PyTorch. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { type PageFile, readPages } from '../scripts/pages.ts'
import { pages as generated } from '../server/src/generated/pages.ts'
import { every } from './support/every.ts'

const pages = readPages()
const apiPages = pages.filter(({ kind }) => kind === 'api')

suite('the page of a PyTorch name', () => {
  test('is titled by it', () => {
    every(apiPages, ({ name, path, page }) => {
      const [, title = ''] = /^`([\w.]+)(?:\(.*\))?`$/.exec(page.title.en) ?? []
      assert.ok(title !== '' && `.${name}`.endsWith(`.${title}`), `${path} is titled ${page.title.en}`)
    })
  })

  test('is short enough for a hover', () => {
    every(apiPages, ({ path, page }) => {
      assert.ok(prose(page.markdown.en).split(/\s+/).length < 220, `${path} is too long for a hover`)
    })
  })

  test('names the common mistake and shows a program', () => {
    every(apiPages, ({ path, page }) => {
      assert.match(page.markdown.en, /^\*\*Common mistake\.\*\* /m, path)
      assert.match(page.markdown.zh, /^\*\*常见错误：\*\* /m, path)
      assert.ok(
        page.code.some(({ language }) => language === 'python'),
        path,
      )
    })
  })

  test('says at its end since when, and links to the official page', () => {
    const en =
      /(?:Since \d\.\d+|Since before 1\.0).*\[PyTorch documentation\]\(https:\/\/docs\.pytorch\.org\/docs\/stable\//
    const zh = /(?:\d\.\d+ 起可用|1\.0 之前就有).*\[PyTorch 文档\]\(https:\/\/docs\.pytorch\.org\/docs\/stable\//
    every(apiPages, ({ path, page }) => {
      assert.match(lastParagraph(page.markdown.en), en, path)
      assert.match(lastParagraph(page.markdown.zh), zh, path)
    })
  })

  test('documents the same arguments in both languages', () => {
    every(apiPages, ({ path, page }) => {
      for (const [name, { en, zh }] of Object.entries(page.arguments))
        assert.equal(leadingCode(zh).replaceAll('、', ', '), leadingCode(en), `${path}: ${name}`)
    })
  })
})

test('a term of docs/glossary.tsv is translated as it says', () => {
  every(pages, ({ kind, path, page }) => {
    if (kind === 'rule') return
    for (const [english = '', chinese = ''] of terms)
      if (new RegExp(`\\b${english}\\b`, 'i').test(prose(page.markdown.en).replace(/`[^`]*`/g, '')))
        assert.ok(page.markdown.zh.includes(chinese), `${path}: ${english} is ${chinese}`)
  })
})

suite('PyTorch agrees with the page', () => {
  test('the facts are those of the pages: run scripts/truth/facts.py', () => {
    const [known, documented] = [new Set(Object.keys(facts)), new Set(apiPages.map(({ name }) => name))]
    const missing = [...documented].filter(name => !known.has(name))
    const unneeded = [...known].filter(name => !documented.has(name))
    assert.deepEqual({ missing, unneeded }, { missing: [], unneeded: [] })
  })

  test('every name exists', () => {
    every(apiPages, ({ name, path }) => {
      if (!madeByConstructors.has(name)) assert.notEqual(facts[name]?.kind, 'unknown', path)
    })
  })

  test('the exceptions are needed', () => {
    for (const name of madeByConstructors) assert.equal(facts[name]?.kind, 'unknown', name)
  })

  test('every documented argument exists, with this default', () => {
    every(apiPages, file => {
      const known = signature(file)
      if (!known) return
      for (const [name, default_] of documentedDefaults(file)) {
        assert.ok(Object.hasOwn(known, name), `${file.path}: there is no argument ${name}`)
        assert.equal(normal(default_), normal(known[name] ?? undefined), `${file.path}: the default of ${name}`)
      }
    })
  })
})

test('the default of a flag is that of PyTorch', () => {
  every(apiPages, ({ name, path, page }) => {
    const { kind, value } = facts[name] ?? {}
    if (kind !== 'attribute' || value === undefined) return
    for (const [, said] of page.markdown.en.matchAll(/`([^`]+)` by default/g))
      assert.equal(normal(said), normal(value), path)
  })
})

test('links from page to page lead somewhere', () => {
  every(pages, ({ path, page }) => {
    for (const [, link = ''] of page.markdown.en.matchAll(/\]\((?!https:)([^)\s]+)\)/g))
      assert.ok(existsSync(new URL(link, new URL(`../${path}`, import.meta.url))), `${path}: ${link}`)
  })
})

test('links of a hover are web addresses: it stands in no folder', () => {
  every(generated, ([name, { markdown }]) => {
    for (const text of [markdown.en, markdown.zh])
      for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) assert.match(link, /^https:\/\//, name)
  })
})

/** Attributes that exist only once a constructor has run, so that the class does not show them. */
const madeByConstructors = new Set(['torch.optim.Optimizer.param_groups', 'torch.optim.Optimizer.state'])

/** Terms of more than one word, each with its Chinese: one word alone may be meant otherwise. */
const terms = readFileSync(new URL('../docs/glossary.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map(row => row.split('\t').map(text => text.replace(/ \(.*\)|（.*）/, '')))
  .filter(([english = '']) => /[ -]/.test(english))

/** What test/cases/api_facts.json knows of a name; a default is written as in Python, a required argument is null. */
interface Fact {
  readonly kind: 'class' | 'function' | 'attribute' | 'module' | 'argument' | 'unknown'
  /** Null for what C++ implements. */
  readonly arguments?: Readonly<Record<string, string | null>> | null
  /** Of an attribute that is a plain value. */
  readonly value?: string
}

const facts: Readonly<Record<string, Fact>> = JSON.parse(
  readFileSync(new URL('cases/api_facts.json', import.meta.url), 'utf8'),
).names

function signature({ name }: PageFile): Readonly<Record<string, string | null>> | undefined {
  return facts[name]?.arguments ?? undefined
}

/** Of the items of the list, and of the signature in the title. */
function documentedDefaults({ page }: PageFile): readonly (readonly [string, string | undefined])[] {
  const items = Object.values(page.arguments).flatMap(({ en }) =>
    [...leadingCode(en).matchAll(/`(\w+)(?:=([^`]*))?`/g)].map(([, name = '', value]) => [name, value] as const),
  )
  const [, parameters = ''] = /\((.*)\)`$/.exec(page.title.en) ?? []
  const titled = [...parameters.matchAll(/(\w+)(?:=((?:\([^)]*\)|[^,(])+))?(?:, |$)/g)]
  return [...items, ...titled.map(([, name = '', value]) => [name, value] as const)]
}

function leadingCode(item: string): string {
  return /^(?:`[^`]+`(?:, |、)?)+/.exec(item)?.[0] ?? ''
}

/** `1e-8` and `1e-08`, `"mean"` and `'mean'` are the same. */
function normal(literal: string | undefined): string | undefined {
  if (literal === undefined || literal.trim() === '') return literal
  return Number.isNaN(Number(literal)) ? literal.replaceAll("'", '"') : String(Number(literal))
}

function lastParagraph(markdown: string): string {
  return markdown.trimEnd().split('\n\n').at(-1) ?? ''
}

/** Without code blocks. */
function prose(markdown: string): string {
  return markdown.replace(/```[\s\S]*?```/g, '')
}
