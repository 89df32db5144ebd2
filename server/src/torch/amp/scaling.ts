/** Which scaler scaled a value, on a path: followed through variables, parameters and arithmetic. */
import type { Moment } from '../../semantic/explore.ts'
import { argumentOf, objectKey } from '../../semantic/frames.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { binds, isLoopVariable } from '../loopVariables.ts'
import { methodCall } from '../usage.ts'
import { type AmpState, cellName } from './cells.ts'
import { isEnabled } from './enabled.ts'
import { ampEvents } from './events.ts'

/** The key of the scaler, `plain`, or `unknown`. */
export function scalingOf(model: Model, node: ast.Expression, moment: Moment<AmpState>): string {
  switch (node.kind) {
    case 'Call':
      return scalingOfCall(model, node, moment)
    case 'Name':
    case 'Attribute':
    case 'Subscript':
      return scalingOfVariable(model, node, moment)
    case 'BinOp': {
      const sides = [node.left, node.right].map(side => scalingOf(model, side, moment))
      return sides.find(side => side !== 'plain') ?? 'plain'
    }
    case 'NamedExpr':
      return scalingOf(model, node.value, moment)
    case 'UnaryOp':
      return scalingOf(model, node.operand, moment)
    case 'Constant':
      return 'plain'
    default:
      return 'unknown'
  }
}

function scalingOfCall(model: Model, call: ast.Call, moment: Moment<AmpState>): string {
  const event = ampEvents(model).get(call)
  if (event?.kind === 'scale') {
    const key = objectKey(model, event.scaler, moment.frame)
    if (key === undefined) return 'unknown'
    return isEnabled(model, event.scaler, key, moment) === 'no' ? 'plain' : key
  }
  const method = methodCall(call)
  const received = method ? scalingOf(model, method.receiver, moment) : 'plain'
  if (received !== 'plain') return received
  const text = model.textOf(call.func)
  if (model.callee(call).kind === 'function' || /scale/i.test(text)) return 'unknown'
  return call.args.some(argument => isScaled(scalingOf(model, argument, moment))) ? 'unknown' : 'plain'
}

function scalingOfVariable(
  model: Model,
  node: ast.Name | ast.Attribute | ast.Subscript,
  moment: Moment<AmpState>,
): string {
  const { state, frame } = moment
  const key = objectKey(model, node, frame)
  const known = key === undefined ? undefined : state.cells.get(cellName('loss', key))
  if (known) return known.value
  if (node.kind !== 'Name') return scalingOf(model, node.value, moment)
  if (model.place(node)?.kind === 'parameter') {
    const argument = argumentOf(model, node, frame)
    return argument ? scalingOf(model, argument.expression, { ...moment, frame: argument.frame }) : 'unknown'
  }
  return isLoopVariable(model, node) || isContextVariable(node) ? 'unknown' : 'plain'
}

const isScaled = (scaling: string): boolean => scaling !== 'plain' && scaling !== 'unknown'

/** `with amp.scale_loss(loss, optimizer) as scaled_loss`. */
function isContextVariable(node: ast.Name): boolean {
  for (let at: ast.Node | undefined = node; at; at = at.parent)
    if (at.kind === 'With' && at.items.some(({ optionalVars }) => optionalVars && binds(optionalVars, node.id)))
      return true
  return false
}
