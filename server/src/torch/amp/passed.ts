/**
 * Protocol calls in functions of other files. Who else calls such a function is not known, so the text does not say what its
 * parameters are; but it is walked only where this file calls it, and there the path knows what was passed.
 */
import { argumentOf, type Binding, type Frame } from '../../semantic/frames.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { isOptimizer } from '../optimizers.ts'
import { isScaler } from '../scalers.ts'
import { type AmpEvent, type CertainEvent, optimizerStep, scalerEvent } from './events.ts'

export const isPassed = (model: Model, receiver: ast.Expression): boolean =>
  model.moduleOf(receiver) !== model.module && model.place(receiver)?.kind === 'parameter'

/** What an event is on this path; undefined: none after all. */
export function eventOn(model: Model, event: AmpEvent, call: ast.Call, frame: Frame): CertainEvent | undefined {
  if (event.kind !== 'passed') return event
  const { method, receiver } = event
  const passed = passedFor(model, receiver, frame)?.expression
  const asScaler = scalerEvent(method, receiver, call)
  if (passed && asScaler && isScaler(model, passed) === 'yes') return asScaler
  if (passed && method === 'step' && isOptimizer(model, passed) === 'yes') return optimizerStep(receiver, call)
  // Whatever is called a scaler may be one.
  return asScaler && /scal/i.test(model.textOf(passed ?? receiver)) ? { kind: 'escape', objects: [] } : undefined
}

/** What the outermost of the callers passed. */
function passedFor(model: Model, expression: ast.Expression, frame: Frame): Binding | undefined {
  const argument = expression.kind === 'Name' ? argumentOf(model, expression, frame) : undefined
  return argument && (passedFor(model, argument.expression, argument.frame) ?? argument)
}
