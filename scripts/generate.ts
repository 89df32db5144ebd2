/**
 * Writes what follows from the rules and their pages, so that adding a rule is adding its files: the registry, the texts
 * of all pages, the table of rules in the READMEs, and the settings of the manifest with their schemas. Run before
 * type-checking, testing and bundling; it is quick, and writes a file only if its content changed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '../server/src/page.ts'
import type { Message, Rule } from '../server/src/rules/rule.ts'
import { readPages } from './pages.ts'

const root = join(import.meta.dirname, '..')
const source = join(root, 'server/src')

/** Families in the order of the catalogue; one that is not listed follows them. */
const families = 'amp loop memory mode optimizer scheduler backends loss module data api'.split(' ')

/** Throws, naming file and line, where a page breaks its form. */
export async function generate(): Promise<void> {
  const ids = ruleIds()
  write(join(source, 'generated/rules.ts'), registry(ids))
  const pages = pagesByName()
  write(join(source, 'generated/pages.ts'), pagesModule(pages))
  await writeTable('README.md', 'en', ids, pages)
  await writeTable('README.zh-CN.md', 'zh', ids, pages)
  await writeSettings()
}

/** The settings of the manifest, and the schemas: one for editors of TOML, which read it on the web, one for our extension. */
async function writeSettings(): Promise<void> {
  const { ruleDescriptions } = await import('../server/src/analysis.ts')
  const { editorSchema, fileSchema, manifestProperties, manifestTexts } = await import('./settings.ts')
  const rules = ruleDescriptions()
  writeJson('schemas/torchlint.schema.json', fileSchema(rules))
  writeJson('dist/settings.schema.json', editorSchema(rules))
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { properties } = manifest.contributes.configuration
  const own = manifestProperties()
  const others = Object.entries(properties).filter(([name]) => !(name in own))
  manifest.contributes.configuration.properties = { ...own, ...Object.fromEntries(others) }
  writeJson('package.json', manifest)
  for (const [file, language] of [
    ['package.nls.json', 'en'],
    ['package.nls.zh-cn.json', 'zh'],
  ] as const)
    writeJson(file, { ...JSON.parse(readFileSync(join(root, file), 'utf8')), ...manifestTexts(language) })
}

function writeJson(name: string, content: object): void {
  write(join(root, name), `${JSON.stringify(content, null, 2)}\n`)
}

/** Every rule there is, in the order of the catalogue. */
export function ruleIds(): readonly string[] {
  const rank = (family: string) => (families.includes(family) ? families.indexOf(family) : families.length)
  return directories(join(source, 'rules'))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .flatMap(family => files(join(source, 'rules', family), '.ts').map(problem => `${family}/${problem}`))
}

function registry(ids: readonly string[]): string {
  const imports = ids.map(id => `import ${variable(id)} from '../rules/${id}.ts'`)
  const entries = ids.map(id => `  ['${id}', ${variable(id)}],`)
  return [
    '// Written by scripts/generate.ts.',
    "import type { Rule } from '../rules/rule.ts'",
    ...imports,
    '',
    'export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([',
    ...entries,
    '])',
    '',
  ].join('\n')
}

type Pages = ReadonlyMap<string, Page>

/** Rule pages by rule id, API pages by qualified name. */
function pagesByName(): Pages {
  return new Map(readPages().map(({ name, path, page }) => [name, withWebAddresses(page, path)]))
}

/** A hover has no place that a link from page to page could start from. */
function withWebAddresses(page: Page, path: string): Page {
  const absolute = (markdown: string) =>
    markdown.replace(/\]\((?!https?:)([^)\s]+)\)/g, (_, link) => `](${new URL(link, `${repository}/${path}`).href})`)
  const both = ({ en, zh }: Message): Message => ({ en: absolute(en), zh: absolute(zh) })
  const documented = Object.entries(page.arguments).map(([name, text]) => [name, both(text)] as const)
  return { ...page, markdown: both(page.markdown), arguments: Object.fromEntries(documented) }
}

const repository = 'https://github.com/torchlint/torchlint/blob/main'

function pagesModule(pages: Pages): string {
  return [
    '// Written by scripts/generate.ts.',
    "import type { Message } from '../rules/rule.ts'",
    '',
    'export interface Page {',
    '  readonly title: Message',
    '  readonly summary: Message',
    '  readonly markdown: Message',
    '  readonly arguments: Readonly<Record<string, Message>>',
    '}',
    '',
    'export const pages: ReadonlyMap<string, Page> = new Map<string, Page>([',
    ...[...pages].map(
      ([name, { title, summary, markdown, arguments: documented }]) =>
        `  ${JSON.stringify([name, { title, summary, markdown, arguments: documented }])},`,
    ),
    '])',
    '',
  ].join('\n')
}

/** Fills the table between the markers `<!-- rules:start -->` and `<!-- rules:end -->`. */
async function writeTable(readme: string, language: keyof Message, ids: readonly string[], pages: Pages) {
  const file = join(root, readme)
  if (!existsSync(file)) return
  const text = readFileSync(file, 'utf8')
  const rules = await loadRules()
  const rows = ids.map(id => {
    const level = levels[rules.get(id)?.severity ?? 'off'][language]
    return `| [${id}](server/src/rules/${id}.md) | ${pages.get(id)?.title[language] ?? ''} | ${level} |`
  })
  const table = [tableHead[language], '|---|---|---|', ...rows].join('\n')
  const marked = /(<!-- rules:start -->\n)[\s\S]*?(<!-- rules:end -->)/
  write(
    file,
    text.replace(marked, (_, start, end) => `${start}${table}\n${end}`),
  )
}

const tableHead: Message = { en: '| Rule | What it finds | Level |', zh: '| 规则 | 发现的问题 | 级别 |' }

const levels: Readonly<Record<Rule['severity'], Message>> = {
  error: { en: 'error', zh: '错误' },
  warning: { en: 'warning', zh: '警告' },
  info: { en: 'info', zh: '提示' },
  off: { en: 'off by default', zh: '默认关闭' },
}

async function loadRules(): Promise<ReadonlyMap<string, Rule>> {
  const module: { rules: ReadonlyMap<string, Rule> } = await import('../server/src/generated/rules.ts')
  return module.rules
}

/** `amp/missing-update` → `ampMissingUpdate`. */
function variable(id: string): string {
  return id.replace(/[/-](\w)/g, (_, letter) => letter.toUpperCase())
}

function directories(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? [entry.name] : []))
}

/** The names of a directory's files without their extension, sorted. */
function files(directory: string, extension: string): readonly string[] {
  if (!existsSync(directory)) return []
  const names = readdirSync(directory).filter(name => name.endsWith(extension))
  return names.map(name => name.slice(0, -extension.length)).sort()
}

function write(file: string, content: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === content) return
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, content)
}

if (import.meta.main) await generate()
