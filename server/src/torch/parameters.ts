/**
 * Which modules' parameters an expression holds, through everything that is done to them on the way:
 *
 *     filter(lambda p: p.requires_grad, model.parameters())     those of model, some of them
 *     [{'params': model.head.parameters()}, …]                  those of model.head, …
 *     itertools.chain(encoder.parameters(), decoder.parameters())
 *     optimizer.param_groups                                    those that the optimizer was made with
 */
import type { Model, Place } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { creationOf, moduleIdentity } from './modules.ts'
import { creationsOf } from './optimizers.ts'
import { methodCall, methodCalls } from './usage.ts'

/** The parameters of one module that an expression holds. */
export interface ParameterSource {
  readonly module: Place
  /** The module as written: `self.model`. */
  readonly expression: ast.Expression
  /** `all`: every parameter; `trainable`: those that require a gradient; `some`: chosen by something else. */
  readonly selection: 'all' | 'trainable' | 'some'
}

/** The one module whose parameters an expression holds, if it is one. */
export function parameterOwner(model: Model, expression: ast.Expression): Place | undefined {
  const [first, ...others] = parameterSources(model, expression) ?? []
  return first && others.every(({ module }) => module === first.module) ? first.module : undefined
}

/** Every module whose parameters an expression holds; undefined if some of them come from a place that is not visible. */
export function parameterSources(model: Model, expression: ast.Expression): readonly ParameterSource[] | undefined {
  return sources(model, expression, 0)
}

type Sources = readonly ParameterSource[] | undefined

const depthLimit = 12

function sources(model: Model, expression: ast.Expression, depth: number): Sources {
  if (depth > depthLimit) return undefined
  const inner = (node: ast.Expression) => sources(model, node, depth + 1)
  switch (expression.kind) {
    case 'Call':
      return ofCall(model, expression, inner)
    case 'ListComp':
    case 'GeneratorExp':
    case 'SetComp':
      return ofComprehension(expression, inner)
    case 'List':
    case 'Tuple':
    case 'Set':
      return union(expression.elements.map(inner))
    case 'Starred':
      return inner(expression.value)
    case 'Dict': {
      const index = expression.keys.findIndex(key => key && model.constant(key) === 'params')
      const parameters = expression.values[index]
      return parameters && inner(parameters)
    }
    case 'BinOp':
      return expression.op === '+' ? union([inner(expression.left), inner(expression.right)]) : undefined
    case 'Subscript':
      return ofSubscript(model, expression, inner)
    case 'Attribute':
      if (expression.attr === 'param_groups') return ofOptimizer(model, expression.value, inner)
      return ofValues(model, expression, inner)
    case 'Name':
      return ofValues(model, expression, inner)
    default:
      return undefined
  }
}

function ofCall(model: Model, call: ast.Call, inner: (node: ast.Expression) => Sources): Sources {
  const method = methodCall(call)
  if (method && (method.method === 'parameters' || method.method === 'named_parameters')) {
    const module = moduleIdentity(model, method.receiver)
    if (!module || call.args.length > 0) return undefined
    const recursive = call.keywords.length === 0
    return [{ module, expression: method.receiver, selection: recursive ? 'all' : 'some' }]
  }
  const [first, second] = call.args
  switch (model.qualifiedName(call.func)) {
    case 'builtins.list':
    case 'builtins.tuple':
    case 'builtins.iter':
    case 'builtins.set':
      return first && inner(first)
    case 'builtins.filter':
      return (
        second && narrow(inner(second), first?.kind === 'Lambda' && asksForGradient(first.body) ? 'trainable' : 'some')
      )
    case 'itertools.chain':
      return union(call.args.map(inner))
    case 'itertools.chain.from_iterable':
      return first && inner(first)
    default:
      return undefined
  }
}

function ofComprehension(
  node: ast.ListComp | ast.GeneratorExp | ast.SetComp,
  inner: (node: ast.Expression) => Sources,
): Sources {
  const [generator, ...others] = node.generators
  if (!generator || others.length > 0) return undefined
  const held = inner(generator.iter)
  if (node.element.kind !== 'Name' && node.element.kind !== 'Dict') return undefined
  if (generator.ifs.length === 0) return node.element.kind === 'Name' ? held : narrow(held, 'some')
  return narrow(held, node.element.kind === 'Name' && generator.ifs.every(asksForGradient) ? 'trainable' : 'some')
}

/** `optimizer.param_groups[0]["params"]`, `group["params"]`. */
function ofSubscript(model: Model, node: ast.Subscript, inner: (node: ast.Expression) => Sources): Sources {
  const key = model.constant(node.slice)
  if (key === 'params') return loopedOver(model, node.value, inner) ?? inner(node.value)
  return typeof key === 'number' ? narrow(inner(node.value), 'some') : undefined
}

/** What `for group in optimizer.param_groups` says of `group`. */
function loopedOver(model: Model, node: ast.Expression, inner: (node: ast.Expression) => Sources): Sources {
  if (node.kind !== 'Name') return undefined
  const loop = model.loops(node).find(loop => loop.kind === 'For' && isName(loop.target, node.id))
  return loop?.kind === 'For' ? inner(loop.iter) : undefined
}

function ofOptimizer(model: Model, optimizer: ast.Expression, inner: (node: ast.Expression) => Sources): Sources {
  const creations = creationsOf(model, optimizer)
  return creations && union(creations.map(({ parameters }) => parameters && inner(parameters)))
}

function ofValues(model: Model, node: ast.Name | ast.Attribute, inner: (node: ast.Expression) => Sources): Sources {
  // What is added to a list, or taken from it, is not followed.
  if (methodCalls(model, node).some(({ method }) => listChanges.has(method))) return undefined
  return union(
    model.values(node).map(value => {
      const origin = value.kind === 'expression' ? value.node : creationOf(value)
      return origin && origin !== node ? inner(origin) : undefined
    }),
  )
}

const listChanges = new Set(['append', 'clear', 'extend', 'insert', 'pop', 'remove'])

/** `p.requires_grad`. */
function asksForGradient(condition: ast.Expression): boolean {
  return condition.kind === 'Attribute' && condition.attr === 'requires_grad'
}

function isName(node: ast.Expression, id: string): boolean {
  return node.kind === 'Name' && node.id === id
}

function narrow(held: Sources, selection: 'trainable' | 'some'): Sources {
  return held?.map(source => ({ ...source, selection: source.selection === 'some' ? 'some' : selection }))
}

/** All of them, if all of them are visible. */
function union(parts: readonly Sources[]): Sources {
  const all: ParameterSource[] = []
  for (const part of parts) {
    if (!part) return undefined
    all.push(...part)
  }
  return all.length > 0 ? all : undefined
}
