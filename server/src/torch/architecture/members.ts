/** The attributes of objects: parts and parameters of modules, methods along the inheritance, class attributes. */
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { methodOf } from '../moduleClasses.ts'
import { remember } from '../remember.ts'
import { attributeUses } from './attributes.ts'
import type { Evaluation, Frame } from './evaluation.ts'
import {
  absent,
  contentsOf,
  type Instance,
  instanceOf,
  join,
  joinAll,
  literal,
  optionsOf,
  type State,
  sequence,
  tensor,
  unknown,
  type Value,
} from './values.ts'

/** A class of the file and the classes it inherits from, in the order in which an attribute is looked up. */
export interface Lineage {
  readonly classes: readonly ast.ClassDef[]
  /** Imported ancestors. */
  readonly imported: readonly string[]
  readonly isComplete: boolean
}

export function lineageOf(model: Model, node: ast.ClassDef): Lineage {
  const known = lineages(model)
  const answer = known.get(node)
  if (answer) return answer
  known.set(node, { classes: [node], imported: [], isComplete: false })
  const parts = node.bases.map((base): Lineage => {
    const [value, ...others] = model.values(base.kind === 'Subscript' ? base.value : base)
    if (value?.kind === 'class' && others.length === 0) return lineageOf(model, value.node)
    const isNamed = value?.kind === 'symbol' && others.length === 0
    return { classes: [], imported: isNamed ? [value.name] : [], isComplete: isNamed }
  })
  const lineage = {
    classes: [node, ...new Set(parts.flatMap(({ classes }) => classes))],
    imported: [...new Set(parts.flatMap(({ imported }) => imported))],
    isComplete: parts.every(({ isComplete }) => isComplete),
  }
  known.set(node, lineage)
  return lineage
}

const lineages = remember(() => new Map<ast.ClassDef, Lineage>())

/** The modules and other parts of an object that can hold parameters, by name; None and plain values are left out. */
export function partsOf(instance: Instance, state: State): readonly { readonly name: string; readonly value: Value }[] {
  return [...instance.attributes].flatMap(([name, value]) => {
    const isPart = optionsOf(value).some(option => instanceOf(option, state)?.isModule)
    return isPart ? [{ name, value }] : []
  })
}

export function attributeOf(evaluation: Evaluation, receiver: Value, name: string, frame: Frame): Value {
  switch (receiver.kind) {
    case 'either':
      return joinAll(receiver.options.map(option => attributeOf(evaluation, option, name, frame)))
    case 'symbol':
      return { kind: 'symbol', name: `${receiver.name}.${name}` }
    case 'class':
      return inClasses(evaluation, lineageOf(evaluation.model, receiver.node).classes, name, receiver, frame) ?? unknown
    case 'tensor':
      if (name === 'data' || name === 'T' || name === 'mT') return receiver
      return tensorData.has(name) ? unknown : { kind: 'method', receiver, name }
    case 'literal':
    case 'partial':
      return { kind: 'method', receiver, name }
    case 'super':
      return ofSuper(evaluation, receiver, name, frame)
    case 'object':
      return ofObject(evaluation, receiver, name, frame)
    default:
      return unknown
  }
}

const tensorData = new Set(['device', 'dtype', 'grad', 'is_cuda', 'ndim', 'requires_grad', 'shape'])

function ofObject(evaluation: Evaluation, receiver: Value, name: string, frame: Frame): Value {
  const contents = contentsOf(receiver, frame.state)
  if (contents?.kind === 'parameter') return ofParameter(receiver, contents.dimensions, name, frame)
  if (contents?.kind !== 'instance') return { kind: 'method', receiver, name }
  const own = contents.attributes.get(name)
  if (own) return isSetLater(evaluation.model, contents, name) && !isUnderConstruction(frame) ? unknown : own
  if (name === 'training') return unknown
  // A wrapper is what it wraps.
  if (name === 'module' || name === '_orig_mod') return receiver
  if (typeof contents.class === 'string') return { kind: 'method', receiver, name }
  const { classes } = lineageOf(evaluation.model, contents.class)
  return inClasses(evaluation, classes, name, receiver, frame) ?? { kind: 'method', receiver, name }
}

function isSetLater(model: Model, { class: node }: Instance, name: string): boolean {
  return typeof node !== 'string' && attributeUses(model.moduleOf(node)).setLater.has(name)
}

function isUnderConstruction(frame: Frame): boolean {
  for (let at: Frame | undefined = frame; at; at = at.caller)
    if (at.code?.kind === 'FunctionDef' && at.code.name === '__init__') return true
  return false
}

function ofParameter(receiver: Value, dimensions: number | undefined, name: string, frame: Frame): Value {
  if (name === 'ndim') return dimensions === undefined ? unknown : literal(dimensions)
  if (name === 'requires_grad') return literal(true)
  if (name === 'shape' && dimensions !== undefined)
    return sequence(
      Array.from({ length: dimensions }, () => unknown),
      frame.state,
    )
  if (name === 'data') return { ...tensor, dimensions }
  return { kind: 'method', receiver, name }
}

function ofSuper(
  evaluation: Evaluation,
  receiver: Value & { readonly kind: 'super' },
  name: string,
  frame: Frame,
): Value {
  const held = instanceOf(receiver.self, frame.state)
  const start = held && typeof held.class !== 'string' ? held.class : receiver.class
  const { classes } = lineageOf(evaluation.model, start)
  const next = classes.slice(classes.indexOf(receiver.class) + 1)
  return inClasses(evaluation, next, name, receiver.self, frame) ?? { kind: 'method', receiver, name }
}

/** The attribute as the first of the classes binds it. */
function inClasses(
  evaluation: Evaluation,
  classes: readonly ast.ClassDef[],
  name: string,
  holder: Value,
  frame: Frame,
): Value | undefined {
  for (const node of classes) {
    const method = methodOf(node, name)
    if (method) return boundMethod(evaluation, method, holder, frame)
    const assigned = node.body.find(
      statement =>
        (statement.kind === 'Assign' &&
          statement.targets.some(target => target.kind === 'Name' && target.id === name)) ||
        (statement.kind === 'AnnAssign' && statement.target.kind === 'Name' && statement.target.id === name),
    )
    const value = assigned?.kind === 'Assign' || assigned?.kind === 'AnnAssign' ? assigned.value : undefined
    if (value) return evaluation.remembered(value, outside => evaluation.evaluate(value, outside), frame)
  }
  return undefined
}

function boundMethod(evaluation: Evaluation, method: ast.FunctionDef, holder: Value, frame: Frame): Value {
  const decorators = method.decorators.map(({ expression }) => evaluation.model.qualifiedName(expression) ?? '')
  const isStatic = decorators.includes('builtins.staticmethod')
  const receiver = isStatic || holder.kind === 'class' ? undefined : holder
  const bound: Value = { kind: 'function', node: method, receiver: receiver }
  const isProperty = decorators.some(name => name === 'builtins.property' || name === 'functools.cached_property')
  const nothing = { positional: [], keywords: new Map<string, Value>(), isExact: true }
  return isProperty && receiver ? evaluation.call(bound, nothing, undefined, frame) : bound
}

export function setAttribute(evaluation: Evaluation, receiver: Value, name: string, value: Value, frame: Frame): void {
  const holders = optionsOf(receiver)
  for (const holder of holders) {
    const contents = contentsOf(holder, frame.state)
    if (holder.kind !== 'object' || contents?.kind !== 'instance') continue
    const before = contents.attributes.get(name)
    const attributes = new Map(contents.attributes)
    // What is registered stays where it is; a plain attribute makes way.
    if (before && !isRegistered(before, frame.state)) attributes.delete(name)
    attributes.set(name, holders.length > 1 ? join(before ?? absent, value) : value)
    const isComplete =
      contents.isComplete && (value.kind !== 'unknown' || !mayHoldModules(evaluation.model, contents, name))
    frame.state.heap.set(holder.identity, { ...contents, attributes, isComplete })
  }
}

function isRegistered(value: Value, state: State): boolean {
  const kind = contentsOf(value, state)?.kind
  return kind === 'instance' || kind === 'parameter'
}

/** Is an attribute of this name used as a module anywhere: called, gone through, asked for something, or handed on? */
function mayHoldModules(model: Model, { class: node }: Instance, name: string): boolean {
  const module = typeof node === 'string' ? model.module : model.moduleOf(node)
  return (attributeUses(module).uses.get(name) ?? []).some(use => {
    const { parent } = use
    switch (parent?.kind) {
      case 'Call':
        return parent.func === use || !model.qualifiedName(parent.func)?.startsWith('torch.')
      case 'For':
      case 'Comprehension':
        return parent.iter === use
      case 'Attribute':
      case 'Subscript':
        return parent.value === use && parent.parent?.kind === 'Call'
      default:
        return false
    }
  })
}
