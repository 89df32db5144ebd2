/** Optimizers that compute the loss themselves, in a closure: a scaler cannot step them. */
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { creationsOf } from '../optimizers.ts'
import { type AmpEvent, ampEvents } from './events.ts'

/**
 * `keyword`: the scaler refuses it. `positional`: the closure scales the loss again, behind the unscaling. `required`: the
 * optimizer cannot step without one.
 */
export type ClosureProblem = 'keyword' | 'positional' | 'required'

export function closureProblem(
  model: Model,
  call: ast.Call,
  event: Extract<AmpEvent, { kind: 'step' }>,
): ClosureProblem | undefined {
  if (call.keywords.some(({ arg }) => arg === 'closure')) return 'keyword'
  if (event.closure) return scales(model, event.closure) ? 'positional' : undefined
  if (call.args.length + call.keywords.length > 1) return undefined
  const creations = creationsOf(model, event.optimizer)
  return creations?.every(({ fact }) => fact.closure) ? 'required' : undefined
}

/** Is it a function of the file that scales a loss, itself or in a function that it calls? */
function scales(model: Model, closure: ast.Expression): boolean {
  const functions = closure.kind === 'Lambda' ? [closure] : model.values(closure).flatMap(functionOf)
  const reached = new Set<ast.FunctionLike>(functions)
  for (const code of reached)
    for (const call of model.nodes('Call', code)) {
      if (ampEvents(model).get(call)?.kind === 'scale') return true
      const callee = model.callee(call)
      if (callee.kind === 'function') reached.add(callee.node)
    }
  return false
}

const functionOf = (value: ReturnType<Model['values']>[number]): readonly ast.FunctionLike[] =>
  value.kind === 'function' ? [value.node] : []
