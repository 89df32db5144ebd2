/** TOML with the place of every key and value. */
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser'
import type { Range } from '../analysis.ts'
import type { Entry, Table, Value } from './value.ts'

export type Toml = { readonly table: Table } | { readonly error: string; readonly at: Range }

export function readToml(text: string): Toml {
  try {
    const [top] = parseTOML(text).body
    const entries = top.body.flatMap(node => (node.type === 'TOMLTable' ? tableEntry(node) : keyValue(node)))
    return { table: { kind: 'table', entries: merged(entries), start: 0, end: text.length } }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    const start = Math.min(error.index, text.length)
    return { error: error.message, at: { start, end: start } }
  }
}

/** `[a.b]` is a table in a table. Of `[[a]]` nothing here has any use. */
function tableEntry({ key, kind, body, range }: AST.TOMLTable): readonly Entry[] {
  if (kind === 'array') return []
  const table: Table = { kind: 'table', entries: merged(body.map(keyValue)), ...rangeOf(range) }
  return [nested(key.keys, table)]
}

function keyValue({ key, value }: AST.TOMLKeyValue): Entry {
  return nested(key.keys, contentOf(value))
}

function nested([key, ...inner]: readonly (AST.TOMLBare | AST.TOMLQuoted)[], value: Value): Entry {
  if (!key) throw new Error('a key of TOML has a name')
  const name = key.type === 'TOMLBare' ? key.name : key.value
  const at = rangeOf(key.range)
  if (inner.length === 0) return { key: name, at, value }
  const table: Table = { kind: 'table', entries: [nested(inner, value)], start: value.start, end: value.end }
  return { key: name, at, value: table }
}

/** `[tool.a]` and `[tool.b]` are one table `tool`. The parser has seen to it that nothing is said twice. */
function merged(entries: readonly Entry[]): readonly Entry[] {
  const byKey = new Map<string, Entry>()
  for (const entry of entries) {
    const before = byKey.get(entry.key)
    if (before?.value.kind !== 'table' || entry.value.kind !== 'table') byKey.set(entry.key, entry)
    else {
      const inner = merged([...before.value.entries, ...entry.value.entries])
      byKey.set(entry.key, { ...before, value: { ...before.value, entries: inner } })
    }
  }
  return [...byKey.values()]
}

function contentOf(node: AST.TOMLContentNode): Value {
  const range = rangeOf(node.range)
  if (node.type === 'TOMLArray') return { kind: 'list', items: node.elements.map(contentOf), ...range }
  if (node.type === 'TOMLInlineTable') return { kind: 'table', entries: merged(node.body.map(keyValue)), ...range }
  return { kind: 'scalar', value: node.value, ...range }
}

function rangeOf([start, end]: AST.Range): Range {
  return { start, end }
}
