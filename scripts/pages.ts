/** The Markdown pages of rules, PyTorch names and the concepts behind them, as they stand in the source tree. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { type Page, parsePage } from '../server/src/page.ts'

export interface PageFile {
  readonly kind: 'rule' | 'api' | 'concept'
  /** The rule id, the qualified name, or `concepts/<concept>`. */
  readonly name: string
  /** Relative to the repository's root. */
  readonly path: string
  readonly page: Page
}

const root = join(import.meta.dirname, '..')

/** Throws where a page breaks its form. */
export function readPages(): readonly PageFile[] {
  return [
    ...read('rule', 'server/src/rules'),
    ...read('api', 'server/src/api'),
    ...read('concept', 'server/src/concepts'),
  ]
}

function read(kind: PageFile['kind'], directory: string): readonly PageFile[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.md'))
    .sort()
    .map(file => {
      const path = `${directory}/${file.replaceAll(sep, '/')}`
      const page = parsePage(readFileSync(join(root, path), 'utf8'), path)
      const name = relative(directory, path).replaceAll(sep, '/').slice(0, -'.md'.length)
      return { kind, name: kind === 'concept' ? `concepts/${name}` : name, path, page }
    })
}
