/** The files that configure TorchLint, each read once: the nearest to a script, from its own folder upwards. */
import type { ProjectFiles } from '../target/files.ts'
import { type Mistake, type Options, readFileOptions } from './options.ts'
import { readToml } from './toml.ts'
import { entryOf, type Table } from './value.ts'

export interface ConfigurationFile {
  readonly path: string
  /** Globs are relative to it. */
  readonly folder: string
  readonly text: string
  readonly options: Options
  readonly mistakes: readonly Mistake[]
}

export interface ConfigurationFiles {
  /** Paths have slashes on every platform. */
  nearest(folder: string): ConfigurationFile | undefined
  /** Reads everything anew when asked again. */
  forget(): void
}

/** In a folder, the first of them counts; a pyproject.toml does so if it has the table. */
export const fileNames = ['torchlint.toml', 'pyproject.toml'] as const
export const filePatterns: readonly string[] = fileNames.map(name => `**/${name}`)

export function isConfigurationFile(path: string): boolean {
  return fileNames.some(name => path.endsWith(`/${name}`))
}

/** The search ends with the folder that is under version control, so that it is the same wherever an editor was opened. */
export function configurationFiles(files: ProjectFiles): ConfigurationFiles {
  const known = new Map<string, { readonly file: ConfigurationFile | undefined }>()

  const inFolder = (folder: string): ConfigurationFile | undefined => {
    for (const name of fileNames) {
      const path = `${folder}/${name}`
      const text = files.read(path)
      const file = text === undefined ? undefined : readFile(path, text)
      if (file) return file
    }
    return undefined
  }
  const nearest = (folder: string): ConfigurationFile | undefined => {
    const answer = known.get(folder)
    if (answer) return answer.file
    const outer = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
    const isLast = outer === folder || files.names(folder).includes('.git')
    const file = inFolder(folder) ?? (isLast ? undefined : nearest(outer))
    known.set(folder, { file })
    return file
  }
  return { nearest, forget: () => known.clear() }
}

/** What is wrong in a file of this name. */
export function mistakesIn(path: string, text: string): readonly Mistake[] {
  return readFile(path, text)?.mistakes ?? []
}

function readFile(path: string, text: string): ConfigurationFile | undefined {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const isOwn = path.endsWith('/torchlint.toml')
  if (!isOwn && !text.includes('torchlint')) return undefined
  const toml = readToml(text)
  if ('error' in toml) {
    // The tools that a pyproject.toml belongs to say so themselves, unless it is ours.
    if (!isOwn && !/^\s*\[\s*tool\s*\.\s*torchlint\b/m.test(text)) return undefined
    const message = { en: `this is not TOML: ${toml.error}`, zh: `不是有效的 TOML：${toml.error}` }
    return { path, folder, text, options: {}, mistakes: [{ at: toml.at, message }] }
  }
  const table = ownTable(path, toml.table)
  return table && { path, folder, text, ...readFileOptions(table) }
}

/** What a file of this name says that is ours; undefined where that is nothing, or no TOML. */
export function tableIn(path: string, text: string): Table | undefined {
  const toml = readToml(text)
  return 'error' in toml ? undefined : ownTable(path, toml.table)
}

export function optionsIn(path: string, text: string): Options | undefined {
  const table = tableIn(path, text)
  return table && readFileOptions(table).options
}

/** All of a torchlint.toml; else `[tool.torchlint]`. */
function ownTable(path: string, table: Table): Table | undefined {
  if (path.endsWith('/torchlint.toml')) return table
  const tool = entryOf(table, 'tool')?.value
  const section = tool?.kind === 'table' ? entryOf(tool, 'torchlint')?.value : undefined
  return section?.kind === 'table' ? section : undefined
}
