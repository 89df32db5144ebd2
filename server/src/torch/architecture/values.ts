/** What the evaluation of a model's code computes with: values, the objects that they refer to, and where ways meet. */
import type { Literal } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'

/** What the numbers of a tensor are, by the last thing that was done to them. */
export type Activation = 'logits' | 'logSoftmax' | 'sigmoid' | 'softmax'

export type Value =
  | { readonly kind: 'literal'; readonly literal: string | number | boolean | null }
  | { readonly kind: 'object'; readonly identity: Identity }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'class'; readonly node: ast.ClassDef }
  | { readonly kind: 'function'; readonly node: ast.FunctionLike; readonly receiver: Value | undefined }
  /** A method of a literal, a tensor, or an object that is not of a class of the file. */
  | { readonly kind: 'method'; readonly receiver: Value; readonly name: string }
  | { readonly kind: 'partial'; readonly callee: Value; readonly given: Arguments }
  | { readonly kind: 'super'; readonly class: ast.ClassDef; readonly self: Value }
  | Tensor
  | { readonly kind: 'either'; readonly options: readonly Value[] }
  /** Nothing is there: an element that is appended, or an attribute that is assigned, on some ways only. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' }

export interface Tensor {
  readonly kind: 'tensor'
  readonly activation: Activation | undefined
  /** The call, or the layer's creation, that the activation comes from. */
  readonly at: ast.Expression | undefined
  readonly dimensions: number | undefined
}

/** What a call passes. */
export interface Arguments {
  readonly positional: readonly Value[]
  readonly keywords: ReadonlyMap<string, Value>
  /** False if there are more, behind `*args` or `**options` that cannot be seen. */
  readonly isExact: boolean
}

/** An object, whatever becomes of it. Compared by reference. */
export interface Identity {
  readonly made: ast.Node | undefined
}

export type Contents = Sequence | Table | Instance | Parameter

/** A list, tuple or set. */
export interface Sequence {
  readonly kind: 'sequence'
  readonly elements: readonly Value[]
  /** False if each element stands for one or more, in an order that is not known. */
  readonly isExact: boolean
}

export interface Table {
  readonly kind: 'table'
  readonly entries: ReadonlyMap<string | number, Value>
  readonly isExact: boolean
}

export interface Parameter {
  readonly kind: 'parameter'
  readonly dimensions: number | undefined
  /** The size that it hangs on is not visible, and taken for one number, as it nearly always is. */
  readonly isAssumed?: boolean
}

/** An object with attributes; a module keeps its parts and parameters in them, in the order of their registration. */
export interface Instance {
  readonly kind: 'instance'
  readonly isModule: boolean
  readonly class: string | ast.ClassDef
  readonly creation: ast.Expression | undefined
  readonly attributes: ReadonlyMap<string, Value>
  /** What it is made with, where it is a layer of `torch.nn`. */
  readonly given: Arguments | undefined
  /** Parts of which the number and order are not known: each stands for one or more. */
  readonly rest: readonly Value[]
  /** True if somebody changes it in a way that cannot be followed. */
  readonly isChanged?: boolean
  /** False if it may hold modules or parameters that are not in its attributes. */
  readonly isComplete: boolean
}

/** The variables of a function that is running, and the objects that there are. */
export interface State {
  locals: Map<string, Value>
  heap: Map<Identity, Contents>
}

export const unknown: Value = { kind: 'unknown' }
export const none: Value = { kind: 'literal', literal: null }
export const absent: Value = { kind: 'absent' }
export const tensor: Tensor = { kind: 'tensor', activation: undefined, at: undefined, dimensions: undefined }

export function literal(value: string | number | boolean | null): Value {
  return { kind: 'literal', literal: value }
}

/** The literal that a value is; a sequence of literals is one. */
export function literalOf(value: Value | undefined, state: State): Literal | undefined {
  if (value?.kind === 'literal') return value.literal
  const contents = contentsOf(value, state)
  if (contents?.kind !== 'sequence' || !contents.isExact) return undefined
  const elements = contents.elements.map(element => literalOf(element, state))
  const known = elements.filter(element => element !== undefined)
  return known.length === elements.length ? known : undefined
}

export function contentsOf(value: Value | undefined, state: State): Contents | undefined {
  return value?.kind === 'object' ? state.heap.get(value.identity) : undefined
}

export function instanceOf(value: Value | undefined, state: State): Instance | undefined {
  const contents = contentsOf(value, state)
  return contents?.kind === 'instance' ? contents : undefined
}

export function sequenceOf(value: Value | undefined, state: State): Sequence | undefined {
  const contents = contentsOf(value, state)
  return contents?.kind === 'sequence' ? contents : undefined
}

export function create(contents: Contents, state: State, made?: ast.Node): Value {
  const identity: Identity = { made }
  state.heap.set(identity, contents)
  return { kind: 'object', identity }
}

export function sequence(elements: readonly Value[], state: State, isExact = true): Value {
  return create({ kind: 'sequence', elements, isExact }, state)
}

export function fork({ locals, heap }: State): State {
  return { locals: new Map(locals), heap: new Map(heap) }
}

/** Where two ways meet. */
export function joinStates(a: State, b: State): State {
  const heap = new Map(a.heap)
  for (const [identity, contents] of b.heap) {
    const other = heap.get(identity)
    heap.set(identity, other && other !== contents ? joinContents(other, contents) : contents)
  }
  return { locals: joinMaps(a.locals, b.locals, unknown), heap }
}

function joinContents(a: Contents, b: Contents): Contents {
  if (a.kind === 'instance' && b.kind === 'instance')
    return {
      ...a,
      attributes: joinMaps(a.attributes, b.attributes, absent),
      rest: a.rest === b.rest ? a.rest : [...a.rest, ...b.rest],
      isComplete: a.isComplete && b.isComplete && a.rest === b.rest,
    }
  if (a.kind === 'sequence' && b.kind === 'sequence') {
    const length = Math.max(a.elements.length, b.elements.length)
    const elements = Array.from({ length }, (_, index) =>
      join(a.elements[index] ?? absent, b.elements[index] ?? absent),
    )
    return { kind: 'sequence', elements, isExact: a.isExact && b.isExact && a.elements.length === b.elements.length }
  }
  if (a.kind === 'table' && b.kind === 'table')
    return { kind: 'table', entries: joinMaps(a.entries, b.entries, absent), isExact: a.isExact && b.isExact }
  return a
}

function joinMaps<Key>(a: ReadonlyMap<Key, Value>, b: ReadonlyMap<Key, Value>, missing: Value): Map<Key, Value> {
  const joined = new Map<Key, Value>()
  for (const [key, value] of a) joined.set(key, join(value, b.get(key) ?? missing))
  for (const [key, value] of b) if (!a.has(key)) joined.set(key, join(missing, value))
  return joined
}

/** More options than this say nothing. */
const maximumOptions = 6

export function join(a: Value, b: Value): Value {
  if (isSame(a, b)) return a
  if (a.kind === 'unknown' || b.kind === 'unknown') return unknown
  if (a.kind === 'tensor' && b.kind === 'tensor')
    return {
      ...a,
      activation: a.activation === b.activation ? a.activation : undefined,
      dimensions: a.dimensions === b.dimensions ? a.dimensions : undefined,
    }
  const options = [...optionsOf(a)]
  for (const option of optionsOf(b)) if (!options.some(each => isSame(each, option))) options.push(option)
  return options.length > maximumOptions ? unknown : { kind: 'either', options }
}

export function joinAll(values: readonly Value[]): Value {
  return values.length === 0 ? unknown : values.reduce(join)
}

export function optionsOf(value: Value): readonly Value[] {
  return value.kind === 'either' ? value.options : [value]
}

export function isSame(a: Value, b: Value): boolean {
  if (a === b) return true
  if (a.kind === 'literal') return b.kind === 'literal' && a.literal === b.literal
  if (a.kind === 'object') return b.kind === 'object' && a.identity === b.identity
  if (a.kind === 'symbol') return b.kind === 'symbol' && a.name === b.name
  if (a.kind === 'class') return b.kind === 'class' && a.node === b.node
  if (a.kind === 'tensor') return b.kind === 'tensor' && a.activation === b.activation && a.dimensions === b.dimensions
  return a.kind === b.kind && (a.kind === 'absent' || a.kind === 'unknown')
}
