/** Accumulated losses that nothing divides by the number of accumulated batches. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type Accumulation, accumulations } from './accumulation.ts'
import { remember } from './remember.ts'
import { importsTrainer, methodCall } from './usage.ts'

export interface UnscaledAccumulation extends Accumulation {
  /** The loss that the backward pass begins from, without a scaler around it. */
  readonly loss: ast.Expression
}

export const unscaledAccumulations = remember((model: Model): readonly UnscaledAccumulation[] => {
  if (importsTrainer(model)) return []
  return accumulations(model).flatMap(accumulation => {
    const { backward, test, loop } = accumulation
    const [scaled] =
      backward.loss.kind === 'Call' && methodCall(backward.loss)?.method === 'scale' ? backward.loss.args : []
    const loss = scaled ?? backward.loss
    if (model.constant(test.every) === 1 || isWeighed(model, loss, 0) || changesGradients(model, loop)) return []
    return [{ ...accumulation, loss }]
  })
})

const depthLimit = 8

/** Is it, or may it be, divided or multiplied by something, or summed over the batch? */
function isWeighed(model: Model, node: ast.Expression, depth: number): boolean {
  if (depth > depthLimit) return true
  const inner = (each: ast.Expression) => isWeighed(model, each, depth + 1)
  switch (node.kind) {
    case 'Name': {
      const sources = model.sources(node)
      const isChanged = model.nodes('Call').some(call => {
        const method = methodCall(call)
        return (
          method !== undefined &&
          /^(?:div_|mul_)$/.test(method.method) &&
          method.receiver.kind === 'Name' &&
          method.receiver.id === node.id
        )
      })
      return (
        isChanged ||
        sources.length === 0 ||
        sources.some(
          source =>
            source.parent?.kind !== 'Assign' ||
            source.parent.targets.some(({ kind }) => kind !== 'Name') ||
            inner(source),
        )
      )
    }
    case 'Call':
      return !isMean(model, node)
    case 'BinOp':
      return node.op !== '+' || inner(node.left) || inner(node.right)
    default:
      return true
  }
}

/** A criterion of PyTorch that averages over the batch, and so knows nothing of the other batches. */
function isMean(model: Model, call: ast.Call): boolean {
  const name = model.qualifiedName(call.func) ?? ''
  const made = model
    .values(call.func)
    .map(value =>
      value.kind === 'instance' && typeof value.of === 'string' && /^torch\.nn\.\w+Loss$/.test(value.of)
        ? value.creation
        : undefined,
    )
  const isFunction = /^torch\.nn\.functional\.(?:\w*_loss|\w*cross_entropy\w*)$/.test(name)
  const calls = isFunction ? [call] : made.flatMap(each => each ?? [])
  if (!isFunction && calls.length < made.length) return false
  return (
    calls.length > 0 &&
    calls.every(each => {
      const reduction = model.argument(each, 'reduction')
      return reduction.kind === 'absent' || (reduction.kind === 'given' && model.constant(reduction.value) === 'mean')
    })
  )
}

/** Code that touches `p.grad` may divide it, as may a learning rate that counts with it. */
function changesGradients(model: Model, loop: ast.Node): boolean {
  const elsewhere = nodesRun(model, 'Attribute').filter(node => model.moduleOf(node) !== model.module)
  return [...model.nodes('Attribute', loop), ...elsewhere].some(({ attr }) => attr === 'grad')
}
