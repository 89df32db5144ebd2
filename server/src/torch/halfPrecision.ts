/** Training in float16 without a scaler: backward passes of losses that nothing scales. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model, Scope } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { ampArgument } from './ampArguments.ts'
import { type Autocast, autocasts } from './autocast.ts'
import { type BackwardPass, backwardPasses } from './backward.ts'
import { textOf } from './names.ts'
import { isOptimizer } from './optimizers.ts'
import { remember } from './remember.ts'
import { autocastsOf } from './scaling.ts'
import { unitOf } from './units.ts'
import { importsTrainer, methodCall } from './usage.ts'

export interface UnscaledBackward extends BackwardPass {
  /** Under which the loss is computed. */
  readonly autocast: Autocast
}

/** Where the script shows no scaler at all: the first such backward pass of each function that trains. */
export const unscaledBackwards = remember((model: Model): readonly UnscaledBackward[] => {
  if (autocasts(model).length === 0 || importsTrainer(model) || mentionsScaling(model)) return []
  const found = new Map<Scope, UnscaledBackward>()
  for (const { call, loss } of backwardPasses(model)) {
    const scope = model.scope(call)
    if (found.has(scope) || !isTrained(model, call) || isScaledByHand(model, loss, 0)) continue
    const autocast = float16Of(model, loss)
    if (autocast) found.set(scope, { call, loss, autocast })
  }
  return [...found.values()]
})

/** A CUDA autocast in float16, or one in float16 wherever it is. */
function float16Of(model: Model, loss: ast.Expression): Autocast | undefined {
  const isFound = (autocast: Autocast | 'unknown'): autocast is Autocast =>
    autocast !== 'unknown' && isFloat16(model, autocast)
  return autocastsOf(model, loss).find(isFound)
}

function isFloat16(model: Model, { call, devices, dtype }: Autocast): boolean {
  if (dtype === 'float16') return devices === undefined || devices.includes('cuda')
  const isDefault = ampArgument(model, call, 'dtype') === undefined && !setsDefaultDtype(model)
  return isDefault && devices?.includes('cuda') === true
}

const setsDefaultDtype = remember((model: Model): boolean =>
  nodesRun(model, 'Attribute').some(({ attr }) => /^set_autocast_(?:gpu_)?dtype$/.test(attr)),
)

/** `(loss * 1024).backward()`, `loss = loss * scale`. */
function isScaledByHand(model: Model, loss: ast.Expression, depth: number): boolean {
  if (depth > depthLimit) return false
  if (loss.kind === 'Name') return model.sources(loss).some(source => isScaledByHand(model, source, depth + 1))
  if (loss.kind !== 'BinOp') return false
  const sides = [loss.left, loss.right]
  if (loss.op === '*' && sides.some(side => isLarge(model, side))) return true
  return sides.some(side => isScaledByHand(model, side, depth + 1))
}

const depthLimit = 4

function isLarge(model: Model, factor: ast.Expression): boolean {
  const constant = model.constant(factor)
  return typeof constant === 'number' ? constant >= 16 : /scale/i.test(textOf(model, factor))
}

/** Is an optimizer stepped directly in the same function, class or module body, and the class no foreign trainer's? */
function isTrained(model: Model, backward: ast.Call): boolean {
  const unit = unitOf(backward)
  if (unit?.kind === 'ClassDef' && unit.bases.some(base => isForeign(model, base))) return false
  return model.nodes('Call', unit).some(call => unitOf(call) === unit && stepsOptimizer(model, call))
}

/** `optimizer.step()`, also where the optimizer comes from elsewhere. */
function stepsOptimizer(model: Model, call: ast.Call): boolean {
  const method = methodCall(call)
  if (method?.method !== 'step' || call.args.length > 0 || call.keywords.length > 0) return false
  const certainty = isOptimizer(model, method.receiver)
  return certainty === 'yes' || (certainty === 'unknown' && /opt/i.test(textOf(model, method.receiver)))
}

/** A base class that is neither in the file nor Python's or PyTorch's own may hold a scaler. */
function isForeign(model: Model, base: ast.Expression): boolean {
  return model.values(base).some(value => {
    if (value.kind === 'class') return value.node.bases.some(each => isForeign(model, each))
    return value.kind !== 'symbol' || !/^(?:abc|builtins|torch)\./.test(value.name)
  })
}

/** Does anything in the script have a name of scaling gradients, be it another library's or the author's own? */
const mentionsScaling = remember((model: Model): boolean => {
  const names = [
    ...nodesRun(model, 'Name').map(({ id }) => id),
    ...nodesRun(model, 'Attribute').map(({ attr }) => attr),
    ...nodesRun(model, 'Keyword').map(({ arg }) => arg ?? ''),
    ...nodesRun(model, 'Parameter').map(({ name }) => name),
    ...nodesRun(model, 'Alias').flatMap(({ name, asname = '' }) => [name, asname]),
    ...nodesRun(model, 'ClassDef').map(({ name }) => name),
    ...nodesRun(model, 'FunctionDef').map(({ name }) => name),
  ]
  return names.some(name => scaling.test(name))
})

const scaling = /scaler|(?:loss|grad(?:ient)?s?)_?scale|scaled?_?(?:loss|grad)/i
