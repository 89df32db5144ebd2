/** Criteria made from what they should be called with: `nn.CrossEntropyLoss(output, target)`. */
import type { Model, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { lossClasses } from './facts/losses.ts'
import { isProbe } from './probes.ts'
import { isTensor } from './tensors.ts'

/** Constructor calls that are given an output and a target. */
export function uncalledCriteria(model: Model): readonly ast.Call[] {
  const names = Object.keys(lossClasses).map(name => `torch.nn.${name}`)
  return model
    .calls(names)
    .filter(call => !isProbe(model, call) && (isGivenTensors(model, call) || isUsedAsLoss(model, call)))
}

/** A single tensor may be a weight, two are an output and a target. */
function isGivenTensors(model: Model, { args, keywords }: ast.Call): boolean {
  if (keywords.some(({ arg }) => arg === 'input' || arg === 'target')) return true
  return args.filter(argument => isTensor(model, argument) === 'yes').length > 1
}

/** Methods and attributes of a loss that a criterion does not have. */
const ofTensors = new Set(['backward', 'item', 'detach', 'data', 'mean', 'sum'])

/** Two positional arguments that are not options, and a result that is backpropagated or read. */
function isUsedAsLoss(model: Model, call: ast.Call): boolean {
  if (call.args.length < 2 || call.args.some(argument => isOption(model, argument))) return false
  return model.nodes('Attribute').some(({ attr, value }) => ofTensors.has(attr) && isMadeBy(model, value, call))
}

function isOption(model: Model, argument: ast.Expression): boolean {
  return argument.kind === 'Starred' || model.constant(argument) !== undefined
}

function isMadeBy(model: Model, expression: ast.Expression, call: ast.Call): boolean {
  if (expression === call) return true
  if (expression.kind !== 'Name') return false
  return model.values(expression).some((value: Value) => value.kind === 'instance' && value.creation === call)
}
