/** Backward passes from a value that has no graph any more, for certain. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { backwardPasses } from './backward.ts'
import { carriesGraph, comesFromModule } from './graphs.ts'
import { isTensor } from './tensors.ts'
import { methodCall } from './usage.ts'

export interface DetachedLoss {
  readonly backward: ast.Call
  readonly loss: ast.Expression
  /** What cuts it off: `.item()`, `torch.tensor(loss)`, the computation under `no_grad`. */
  readonly cut: ast.Expression
  readonly kind: 'number' | 'detached' | 'copied' | 'discrete' | 'unrecorded'
}

type Cut = Pick<DetachedLoss, 'cut' | 'kind'>

export function detachedLosses(model: Model): readonly DetachedLoss[] {
  return backwardPasses(model).flatMap(({ call, loss }) => {
    const unscaled = unscaledLoss(loss)
    const cut = cutOf(model, unscaled, 0)
    return cut ? [{ backward: call, loss: unscaled, ...cut }] : []
  })
}

/** `loss` of `scaler.scale(loss)`. */
function unscaledLoss(loss: ast.Expression): ast.Expression {
  const [scaled] = loss.kind === 'Call' && methodCall(loss)?.method === 'scale' ? loss.args : []
  return scaled ?? loss
}

const depthLimit = 8

/** What takes the graph off the value on every way; undefined if one of them may keep it. */
function cutOf(model: Model, node: ast.Expression, depth: number): Cut | undefined {
  if (depth > depthLimit) return undefined
  const inner = (each: ast.Expression) => cutOf(model, each, depth + 1)
  switch (node.kind) {
    case 'Name': {
      if (isRequired(model, node)) return undefined
      const sources = model.sources(node)
      const isWhole = sources.every(
        ({ parent }) => parent?.kind === 'Assign' && parent.targets.every(({ kind }) => kind === 'Name'),
      )
      const cuts = isWhole ? sources.map(inner) : []
      return cuts.every(cut => cut !== undefined) ? cuts[0] : undefined
    }
    case 'Attribute':
      return node.attr === 'data' && isComputed(model, node.value) ? { cut: node, kind: 'detached' } : undefined
    case 'BinOp': {
      const sides = [node.left, node.right].filter(side => !isNumber(model, side))
      const cuts = sides.map(inner)
      return cuts.every(cut => cut !== undefined) ? cuts[0] : undefined
    }
    case 'UnaryOp':
      return inner(node.operand)
    case 'Call':
      return ofCall(model, node, inner)
    default:
      return undefined
  }
}

function ofCall(model: Model, call: ast.Call, inner: (node: ast.Expression) => Cut | undefined): Cut | undefined {
  const [first] = call.args
  const name = model.qualifiedName(call.func) ?? ''
  if (copying.test(name)) return first && isLoss(model, first) ? { cut: call, kind: 'copied' } : undefined
  if (isUnrecorded(model, call)) return { cut: call, kind: 'unrecorded' }
  const method = methodCall(call)
  if (!method || model.callee(call).kind === 'function') return undefined
  const { receiver } = method
  switch (method.method) {
    case 'item':
      return { cut: call, kind: 'number' }
    case 'detach':
      return isComputed(model, receiver) ? { cut: call, kind: 'detached' } : undefined
    case 'argmax':
    case 'argmin':
      return isComputed(model, receiver) ? { cut: call, kind: 'discrete' } : undefined
    default:
      return passing.has(method.method) ? inner(receiver) : undefined
  }
}

const copying = /^torch\.(?:tensor|FloatTensor|Tensor|as_tensor|autograd\.Variable|autograd\.variable\.Variable)$/

/** A new tensor of data is a leaf to begin with; one of a loss was to be the loss. */
function isLoss(model: Model, node: ast.Expression): boolean {
  if (node.kind === 'Attribute' && node.attr === 'data') return isLoss(model, node.value)
  const method = node.kind === 'Call' ? methodCall(node) : undefined
  if (method && /^(?:item|detach)$/.test(method.method)) return isLoss(model, method.receiver)
  return carriesGraph(model, node) === 'yes'
}

const passing: ReadonlySet<string> = new Set(['cuda', 'float', 'mean', 'sum', 'to'])

/** A tensor that was computed, rather than something else that can be detached. */
const isComputed = (model: Model, node: ast.Expression): boolean =>
  isTensor(model, node) === 'yes' || comesFromModule(model, node)

const isNumber = (model: Model, node: ast.Expression): boolean => typeof model.constant(node) === 'number'

/** A loss that is computed right under `no_grad`; a criterion or a model, which makes no leaves. */
function isUnrecorded(model: Model, call: ast.Call): boolean {
  const [innermost] = model.contexts(call).filter(context => {
    const name = model.qualifiedName(context.kind === 'Call' ? context.func : context) ?? ''
    return /^torch\.(?:no_grad|enable_grad|inference_mode|set_grad_enabled)$/.test(name)
  })
  const name = innermost && model.qualifiedName(innermost.kind === 'Call' ? innermost.func : innermost)
  if (
    !innermost ||
    (name !== 'torch.no_grad' &&
      !(name === 'torch.inference_mode' && innermost.kind === 'Call' && innermost.args.length === 0))
  )
    return false
  return (
    isTensor(model, call) === 'yes' &&
    /loss|cross_entropy|criterion/i.test(model.text.slice(call.func.start, call.func.end))
  )
}

/** `x.requires_grad_()`, or the flag set by hand: a leaf that somebody wants to have a gradient. */
function isRequired(model: Model, tensor: ast.Name): boolean {
  return model.nodes('Attribute').some(({ attr, value, parent }) => {
    const isSet = attr === 'requires_grad_' || (attr === 'requires_grad' && parent?.kind === 'Assign')
    return isSet && value.kind === 'Name' && value.id === tensor.id
  })
}
