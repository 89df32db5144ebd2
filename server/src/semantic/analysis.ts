import type * as ast from '../syntax/ast.ts'
import type { Classes } from './classes.ts'
import type { Contents } from './containers.ts'
import type { Source, Step } from './definitions.ts'
import type { File } from './file.ts'
import type { Imports } from './imports.ts'
import type { Library } from './knowledge.ts'
import type { Memoise } from './memo.ts'
import type { Scope, Value } from './model.ts'
import type { Names } from './reaching.ts'
import type { Survey } from './survey.ts'

export type Values = readonly Value[]

/** A node or a module: its position tells the file that it stands in. */
export interface Positioned {
  readonly start: number
}

/** The calls of a function in its file. */
export interface CallSites {
  readonly calls: readonly ast.Call[]
  /** False if it may be called in other ways as well: it is passed on, or an unknown object may hold it. */
  readonly complete: boolean
}

/**
 * What the parts of the evaluation share. They need one another (a call's value needs the function's returns, which
 * need its parameters, which need the call sites), so they meet here instead of importing each other in a circle.
 */
export interface Analysis {
  /** The file that is analysed. */
  readonly main: File
  readonly imports: Imports
  /** The file that a node stands in. */
  file(node: Positioned): File
  survey(node: Positioned): Survey
  /** Where something that stands at a node may be used: in its own file and in the one that is analysed. */
  surveysAround(node: Positioned): readonly Survey[]
  /** The innermost scope that a node stands in. */
  scope(node: ast.Node): Scope
  readonly names: Names
  readonly library: Library
  readonly classes: Classes
  readonly memoise: Memoise
  nodes<K extends ast.Kind>(kind: K, within?: ast.Node): readonly ast.NodeOf<K>[]
  values(expression: ast.Expression): Values
  sourceValues(source: Source): Values
  /** What has become of a list, dict or set display. */
  contents(display: ast.Expression): Contents
  /** What the path reaches from the expression's value. */
  pathValues(expression: ast.Expression, path: readonly Step[]): Values
  annotationValues(annotation: ast.Expression): Values
  /** The values of attribute `name` of a value. */
  members(value: Value, name: string): Values
  /** The values of attribute `name` of `super()` in a class. */
  superMembers(node: ast.ClassDef, name: string): Values
  parameterValues(node: ast.FunctionLike, parameter: ast.Parameter): Values
  callSites(node: ast.FunctionLike): CallSites
  /** The calls of a class of the file by its name. */
  creations(node: ast.ClassDef): CallSites
  /** What a call of the function may return; without a call, whatever the arguments. */
  returnValues(node: ast.FunctionLike, call: ast.Call | undefined): Values
}

export const unknown: Value = { kind: 'unknown' }
export const unknownValues: Values = [unknown]
export const none: Value = { kind: 'instance', of: 'builtins.NoneType', creation: undefined }

export function isNone(value: Value): boolean {
  if (value.kind === 'instance') return value.of === 'builtins.NoneType'
  return value.kind === 'expression' && value.node.kind === 'Constant' && value.node.type === 'None'
}

/** More alternatives than this say nothing. */
const maximumValues = 24

/** All the values, each once; unknown where there are none. */
export function union(sets: readonly Values[]): Values {
  const [only] = sets
  if (sets.length === 1 && only && only.length > 0) return only
  const all: Value[] = []
  for (const values of sets) {
    for (const value of values) if (!all.some(other => sameValue(value, other))) all.push(value)
    if (all.length > maximumValues) return unknownValues
  }
  return all.length === 0 ? unknownValues : all
}

/** Flat map with the duplicates removed. */
export function unionOf<T>(items: readonly T[], valuesOf: (item: T) => Values): Values {
  return union(items.map(valuesOf))
}

export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true
  switch (a.kind) {
    case 'symbol':
      return b.kind === 'symbol' && a.name === b.name && a.module === b.module
    case 'class':
      return b.kind === 'class' && a.node === b.node
    case 'function':
      return b.kind === 'function' && a.node === b.node && sameReceiver(a.receiver, b.receiver)
    case 'instance':
      return b.kind === 'instance' && a.of === b.of && a.creation === b.creation
    case 'result':
      return b.kind === 'result' && a.call === b.call && a.of === b.of
    case 'parameter':
      return b.kind === 'parameter' && a.parameter === b.parameter
    case 'expression':
      return b.kind === 'expression' && a.node === b.node
    case 'unknown':
      return b.kind === 'unknown'
  }
}

function sameReceiver(a: Value | undefined, b: Value | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameValue(a, b))
}
