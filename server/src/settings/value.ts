/** A setting as somebody wrote it, with its place in the file. What comes from an editor has no place. */
import type { Range } from '../analysis.ts'

export type Value = Scalar | List | Table

export interface Scalar extends Range {
  readonly kind: 'scalar'
  readonly value: unknown
}

export interface List extends Range {
  readonly kind: 'list'
  readonly items: readonly Value[]
}

export interface Table extends Range {
  readonly kind: 'table'
  readonly entries: readonly Entry[]
}

export interface Entry {
  readonly key: string
  /** The place of the key. */
  readonly at: Range
  readonly value: Value
}

export function entryOf(table: Table, key: string): Entry | undefined {
  return table.entries.find(entry => entry.key === key)
}

/** What an editor sends: plain data. */
export function fromData(data: unknown): Value {
  if (Array.isArray(data)) return { kind: 'list', items: data.map(fromData), ...nowhere }
  if (typeof data !== 'object' || data === null) return { kind: 'scalar', value: data, ...nowhere }
  const entries = Object.entries(data).map(([key, value]) => ({ key, at: nowhere, value: fromData(value) }))
  return { kind: 'table', entries, ...nowhere }
}

const nowhere: Range = { start: 0, end: 0 }
