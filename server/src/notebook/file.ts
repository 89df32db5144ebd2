/** A notebook file (nbformat 3 and 4): which cells hold Python, and the file again when their sources have changed. */
import { type Node, type ParseError, parseTree } from 'jsonc-parser'
import type { Message } from '../rules/rule.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import { withSource } from './source.ts'

export interface NotebookFile {
  /** Those of Python, in order. */
  readonly cells: readonly FileCell[]
  /** The file with other sources, one for each cell: what is as it was stays as it was, byte for byte. */
  withSources(sources: readonly string[]): string
}

export interface FileCell {
  /** Counts all cells from 1, as people do who look at the notebook. */
  readonly number: number
  /** The number that it was last run as, `In [5]`. */
  readonly execution: number | undefined
  readonly text: string
}

export function readNotebook(file: string): NotebookFile | { readonly problem: Message } {
  // An editor takes an empty file for a new notebook.
  if (file.trim() === '') return { cells: [], withSources: () => file }
  const errors: ParseError[] = []
  const root = parse(withoutNaN(file), errors)
  if (!root || errors.length > 0) return broken(file, errors[0]?.offset ?? 0)
  const version = valueAt(root, 'nbformat') ?? 4
  const nodes = cellsOf(root)
  if (root.type !== 'object' || !nodes) return notNotebook
  if (version !== 3 && version !== 4) return otherVersion(version)
  const language = languageOf(root)
  if (!pythonName.test(language)) return otherLanguage(language)
  const cells = nodes.flatMap((cell, index) => pythonCell(cell, index + 1))
  return { cells, withSources: sources => withSources(file, cells, sources) }
}

function parse(file: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(file, errors, { disallowComments: true })
  } catch {
    // Nested so deeply that the stack of the parser does not suffice.
    return undefined
  }
}

/** Python writes NaN and Infinity into JSON, and reads them; nothing else does. No offset changes. */
function withoutNaN(file: string): string {
  if (!/[:[,]\s*-?(?:NaN|Infinity)\b/.test(file)) return file
  const stringOrNaN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs
  return file.replace(stringOrNaN, token => (token.startsWith('"') ? token : '0'.padEnd(token.length)))
}

/** nbformat 3 has them on a worksheet. */
function cellsOf(root: Node): readonly Node[] | undefined {
  const cells = memberOf(root, 'cells')
  if (cells) return cells.type === 'array' ? (cells.children ?? []) : undefined
  const worksheets = memberOf(root, 'worksheets')?.children
  return worksheets?.flatMap(worksheet => memberOf(worksheet, 'cells')?.children ?? [])
}

interface PythonCell extends FileCell {
  readonly source: Node
}

function pythonCell(cell: Node, number: number): readonly PythonCell[] {
  if (valueAt(cell, 'cell_type') !== 'code') return []
  const language = valueAt(cell, 'language') ?? valueAt(cell, 'metadata', 'vscode', 'languageId') ?? 'python'
  const source = memberOf(cell, 'source') ?? memberOf(cell, 'input')
  const text = source && textOf(source)
  const executed = valueAt(cell, 'execution_count') ?? valueAt(cell, 'prompt_number')
  const execution = typeof executed === 'number' ? executed : undefined
  return source && text !== undefined && pythonName.test(String(language)) ? [{ number, execution, text, source }] : []
}

/** A list has the lines of the source, with their line breaks. */
function textOf(source: Node): string | undefined {
  if (source.type === 'string') return String(source.value)
  const lines = source.type === 'array' ? (source.children ?? []) : undefined
  return lines?.every(({ type }) => type === 'string') ? lines.map(({ value }) => value).join('') : undefined
}

/** What names no language is of Python, as nearly all notebooks are. */
function languageOf(root: Node): string {
  const name = valueAt(root, 'metadata', 'language_info', 'name') ?? valueAt(root, 'metadata', 'kernelspec', 'language')
  return typeof name === 'string' && name !== '' ? name : 'python'
}

const pythonName = /^i?python[\d.]*$/i

function withSources(file: string, cells: readonly PythonCell[], sources: readonly string[]): string {
  let result = ''
  let position = 0
  for (const [index, { text, source }] of cells.entries()) {
    const changed = sources[index] ?? text
    if (changed === text) continue
    result += file.slice(position, source.offset) + withSource(file, source, changed)
    position = source.offset + source.length
  }
  return result + file.slice(position)
}

function memberOf(object: Node, name: string): Node | undefined {
  if (object.type !== 'object') return undefined
  // Of members with the same name the last one counts.
  return object.children?.findLast(({ children }) => children?.[0]?.value === name)?.children?.[1]
}

function valueAt(root: Node, ...path: readonly string[]): unknown {
  return path.reduce<Node | undefined>((node, name) => node && memberOf(node, name), root)?.value
}

function broken(file: string, offset: number): { readonly problem: Message } {
  const line = lineAt(lineStarts(file), offset) + 1
  return {
    problem: {
      en: `this is no notebook: its JSON is broken in line ${line}`,
      zh: `这不是有效的 notebook：第 ${line} 行的 JSON 有误`,
    },
  }
}

const notNotebook = {
  problem: { en: 'this is no notebook: it has no cells', zh: '这不是 notebook：其中没有单元格' },
} as const

function otherVersion(version: unknown): { readonly problem: Message } {
  return {
    problem: {
      en: `notebooks of nbformat ${version} cannot be read, only those of 3 and 4`,
      zh: `无法读取 nbformat ${version} 的 notebook，只支持 3 和 4`,
    },
  }
}

function otherLanguage(language: string): { readonly problem: Message } {
  return {
    problem: {
      en: `not checked: this is a notebook of ${language}, not of Python`,
      zh: `未检查：这个 notebook 使用 ${language}，不是 Python`,
    },
  }
}
