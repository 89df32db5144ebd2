import type * as ast from '../../syntax/ast.ts'
import { methodOf } from '../moduleClasses.ts'
import { nodesWithin } from './attributes.ts'
import { branch, type Evaluation, type Frame } from './evaluation.ts'
import { applied, initialized } from './layers.ts'
import { callSymbol } from './library.ts'
import { attributeOf, lineageOf } from './members.ts'
import { callMethod } from './methods.ts'
import { table } from './operators.ts'
import {
  type Arguments,
  create,
  instanceOf,
  join,
  joinStates,
  none,
  type State,
  sequence,
  unknown,
  type Value,
} from './values.ts'

export const noArguments: Arguments = { positional: [], keywords: new Map(), isExact: true }

/** The value of calling something. */
export function callValue(
  evaluation: Evaluation,
  callee: Value,
  given: Arguments,
  site: ast.Call | undefined,
  frame: Frame,
): Value {
  switch (callee.kind) {
    case 'function':
      return runFunction(evaluation, callee, given, frame)
    case 'class':
      return construct(evaluation, callee.node, given, site, frame)
    case 'symbol':
      return callSymbol(evaluation, callee.name, given, site, frame)
    case 'partial':
      return evaluation.call(callee.callee, withMore(callee.given, given), site, frame)
    case 'method':
      return callMethod(evaluation, callee.receiver, callee.name, given, site, frame)
    case 'object':
      return callObject(evaluation, callee, given, site, frame)
    case 'either': {
      let value: Value | undefined
      branch(
        frame,
        callee.options.map(option => () => {
          const result = evaluation.call(option, given, site, frame)
          value = value ? join(value, result) : result
          return true
        }),
      )
      return value ?? unknown
    }
    default:
      return unknown
  }
}

function withMore(first: Arguments, second: Arguments): Arguments {
  return {
    positional: [...first.positional, ...second.positional],
    keywords: new Map([...first.keywords, ...second.keywords]),
    isExact: first.isExact && second.isExact,
  }
}

/** `model(x)` runs its `forward`. */
function callObject(
  evaluation: Evaluation,
  object: Value,
  given: Arguments,
  site: ast.Call | undefined,
  frame: Frame,
): Value {
  const instance = instanceOf(object, frame.state)
  if (!instance || instance.isChanged) return unknown
  if (typeof instance.class === 'string') return applied(evaluation, instance, given, site, frame)
  const { classes, imported } = lineageOf(evaluation.model, instance.class)
  const methods = ['__call__', 'forward'].filter(name => classes.some(node => methodOf(node, name)))
  const [method] = methods
  if (method !== undefined) return evaluation.call(attributeOf(evaluation, object, method, frame), given, site, frame)
  const [base] = imported
  return base?.startsWith('torch.nn.') ? applied(evaluation, { ...instance, class: base }, given, site, frame) : unknown
}

/** Calls within calls deeper than this are not followed. */
const maximumDepth = 24

const transparent = new Set([
  'builtins.classmethod',
  'builtins.property',
  'builtins.staticmethod',
  'functools.cached_property',
])

function runFunction(
  evaluation: Evaluation,
  { node, receiver }: Value & { readonly kind: 'function' },
  given: Arguments,
  frame: Frame,
): Value {
  const { model } = evaluation
  if (frame.depth > maximumDepth || isRecursive(node, frame) || isDeferred(evaluation, node)) return unknown
  const isFollowed =
    node.kind === 'Lambda' ||
    node.decorators.every(({ expression }) => {
      const name = model.qualifiedName(expression.kind === 'Call' ? expression.func : expression) ?? ''
      return transparent.has(name) || name.startsWith('torch.')
    })
  if (!isFollowed) return unknown
  const positional = receiver ? [receiver, ...given.positional] : given.positional
  const owner = node.parent?.kind === 'ClassDef' ? node.parent : undefined
  const inner: Frame = {
    state: { locals: new Map(), heap: frame.state.heap },
    code: node,
    caller: frame,
    outer: enclosing(node, frame),
    depth: frame.depth + 1,
    method: owner && positional[0] ? { class: owner, self: positional[0] } : undefined,
    isRepeated: frame.isRepeated,
    returns: [],
    breaks: [],
    continues: [],
  }
  bindParameters(evaluation, node, { ...given, positional }, inner, frame)
  if (node.kind === 'Lambda') {
    const value = evaluation.evaluate(node.body, inner)
    frame.state.heap = inner.state.heap
    return value
  }
  const falls = evaluation.run(node.body, inner)
  const outcomes = falls ? [...inner.returns, { value: none, state: inner.state }] : inner.returns
  const [first, ...others] = outcomes
  // What always raises builds nothing.
  if (!first) return unknown
  frame.state.heap = others.reduce((state: State, outcome) => joinStates(state, outcome.state), first.state).heap
  return others.reduce((value: Value, outcome) => join(value, outcome.value), first.value)
}

function enclosing(node: ast.FunctionLike, frame: Frame): Frame | undefined {
  const scopes = new Set<ast.Node>()
  for (let at = node.parent; at; at = at.parent) if (at.kind === 'FunctionDef' || at.kind === 'Lambda') scopes.add(at)
  if (scopes.size === 0) return undefined
  for (let at: Frame | undefined = frame; at; at = at.caller) if (at.code && scopes.has(at.code)) return at
  return undefined
}

function isRecursive(node: ast.FunctionLike, frame: Frame): boolean {
  let count = 0
  for (let at: Frame | undefined = frame; at; at = at.caller) if (at.code === node) count++
  // A module may hold one of its own class.
  return count > 3
}

/** A generator's or coroutine's body does not run when it is called. */
function isDeferred({ model }: Evaluation, node: ast.FunctionLike): boolean {
  if (node.kind === 'Lambda') return false
  const isYield = (each: ast.Node) => (each.kind === 'Yield' || each.kind === 'YieldFrom') && model.scope(each) === node
  return node.isAsync || nodesWithin(node).some(isYield)
}

function bindParameters(
  evaluation: Evaluation,
  node: ast.FunctionLike,
  given: Arguments,
  inner: Frame,
  frame: Frame,
): void {
  const { locals } = inner.state
  const keywords = new Map(given.keywords)
  let position = 0
  for (const parameter of node.parameters) {
    const { name, mode } = parameter
    if (mode === 'variadic') {
      locals.set(name, sequence(given.positional.slice(position), inner.state, given.isExact))
      position = given.positional.length
    } else if (mode === 'keyword-variadic') {
      locals.set(name, table(new Map(keywords), inner, given.isExact))
    } else {
      const isPositional = mode !== 'keyword-only' && position < given.positional.length
      const value = isPositional ? given.positional[position] : keywords.get(name)
      if (isPositional) position += 1
      keywords.delete(name)
      const otherwise = given.isExact ? parameter.default : undefined
      locals.set(
        name,
        value ??
          (otherwise
            ? evaluation.remembered(otherwise, outside => evaluation.evaluate(otherwise, outside), frame)
            : unknown),
      )
    }
  }
}

function construct(
  evaluation: Evaluation,
  node: ast.ClassDef,
  given: Arguments,
  site: ast.Call | undefined,
  frame: Frame,
): Value {
  const { imported, isComplete } = lineageOf(evaluation.model, node)
  const object = create(
    {
      kind: 'instance',
      isModule: imported.some(base => base.startsWith('torch.nn.') || base.endsWith('.LightningModule')),
      class: node,
      creation: site,
      attributes: new Map(),
      given: undefined,
      rest: [],
      isComplete: isComplete && imported.every(isTransparentBase) && node.keywords.length === 0,
    },
    frame.state,
    site,
  )
  const init = attributeOf(evaluation, object, '__init__', frame)
  if (init.kind === 'function') evaluation.call(init, given, site, frame)
  else if (node.decorators.length > 0) bindFields(evaluation, node, given, object, frame)
  else initialized(evaluation, object, imported[0] ?? 'builtins.object', given, site, frame)
  return object
}

/** Bases that hold nothing of their own, or whose constructor is followed. */
export function isTransparentBase(name: string): boolean {
  return (
    name.startsWith('torch.nn.') ||
    name.endsWith('.LightningModule') ||
    /^(?:abc\.ABC|builtins\.object|enum\.\w+|typing\.\w+)$/.test(name)
  )
}

/** `@dataclass`: the fields are the parameters. */
function bindFields(evaluation: Evaluation, node: ast.ClassDef, given: Arguments, object: Value, frame: Frame): void {
  const instance = instanceOf(object, frame.state)
  if (!instance || object.kind !== 'object') return
  const attributes = new Map(instance.attributes)
  const fields = node.body.filter(statement => statement.kind === 'AnnAssign')
  fields.forEach(({ target, value }, index) => {
    if (target.kind !== 'Name') return
    const passed = given.keywords.get(target.id) ?? given.positional[index]
    const otherwise = value && given.isExact ? evaluation.evaluate(value, frame) : unknown
    attributes.set(target.id, passed ?? otherwise)
  })
  frame.state.heap.set(object.identity, { ...instance, attributes })
}
