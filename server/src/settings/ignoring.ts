/** Leaving a rule out by a configuration file: what has to be written into it, and into which. */
import type { Edit } from '../analysis.ts'
import { matchesAny } from '../config.ts'
import { applyEdits } from '../fix.ts'
import type { ProjectFiles } from '../target/files.ts'
import { type ConfigurationFile, optionsIn, tableIn } from './files.ts'
import { entryOf, type List } from './value.ts'

export interface FileEdit {
  readonly path: string
  /** Undefined: there is no such file yet. */
  readonly text: string | undefined
  readonly edit: Edit
}

/** Undefined where the file says it in a way that this cannot add to. */
export function ignoringEdit(
  rule: string,
  configured: ConfigurationFile | undefined,
  /** Where the first file is to be, if there is none. */
  folder: string,
  files: ProjectFiles,
): FileEdit | undefined {
  const pyproject = `${folder}/pyproject.toml`
  const inPyproject = configured ? undefined : files.read(pyproject)
  const path = configured?.path ?? (inPyproject === undefined ? `${folder}/torchlint.toml` : pyproject)
  const text = configured?.text ?? inPyproject
  const edit = addition(path, text ?? '', rule)
  const isIgnored = matchesAny(rule, optionsIn(path, applyEdits(text ?? '', [edit]))?.ignore ?? [])
  return isIgnored ? { path, text, edit } : undefined
}

function addition(path: string, text: string, rule: string): Edit {
  const table = tableIn(path, text)
  const list = table && entryOf(table, 'ignore')?.value
  if (list?.kind === 'list') return inList(text, list, rule)
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const line = `ignore = ["${rule}"]${lineBreak}`
  if (path.endsWith('/torchlint.toml')) return insertion(0, line)
  const header = /^[ \t]*\[\s*tool\s*\.\s*torchlint\s*\][^\r\n]*(?:\r\n|\r|\n)/m.exec(text)
  if (header) return insertion(header.index + header[0].length, line)
  const gap = text === '' ? '' : text.endsWith('\n') ? lineBreak : lineBreak + lineBreak
  return insertion(text.length, `${gap}[tool.torchlint]${lineBreak}${line}`)
}

/** Behind the last one, on a line of its own if that one is. */
function inList(text: string, { start, items }: List, rule: string): Edit {
  const last = items.at(-1)
  if (!last) return insertion(start + 1, `"${rule}"`)
  const [indentation] = /(?:\r\n|\r|\n)[ \t]*$/.exec(text.slice(start, last.start)) ?? [' ']
  return insertion(last.end, `,${indentation}"${rule}"`)
}

function insertion(at: number, text: string): Edit {
  return { start: at, end: at, text }
}
