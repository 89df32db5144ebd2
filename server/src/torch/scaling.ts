/** What the script's scalers are for: which losses they scale, and in which precision those are computed. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { ampEvents } from './amp/events.ts'
import { ampArgument } from './ampArguments.ts'
import { type Autocast, autocastAt, autocasts, enabledOf } from './autocast.ts'
import { computationOf } from './computation.ts'
import { isGradientFree } from './loops.ts'
import { textOf } from './names.ts'
import { remember } from './remember.ts'
import { importsTrainer } from './usage.ts'

/** A scaler whose one creation the script shows, and that may be at work. */
export interface LossScaling {
  readonly creation: ast.Call
  readonly losses: readonly ast.Expression[]
}

/** Scalers of losses that are computed in float32 throughout: everything that computes them is visible. */
export function float32Scalings(model: Model): readonly LossScaling[] {
  const scalings = lossScalings(model)
  if (scalings.length === 0 || mentionsHalfPrecision(model)) return []
  return scalings.filter(({ losses }) =>
    losses.every(loss => {
      const { calls, isComplete } = computationOf(model, loss)
      return isComplete && calls.length > 0 && calls.every(call => autocastAt(model, call) === undefined)
    }),
  )
}

/** Scalers of losses that are computed under bfloat16 autocast and no other, each with one of these autocasts. */
export function bfloat16Scalings(model: Model): readonly (LossScaling & { readonly autocast: Autocast })[] {
  const training = autocasts(model).filter(({ call, enabled }) => enabled !== 'no' && !isGradientFree(model, call))
  if (training.length === 0 || training.some(({ dtype }) => dtype !== 'bfloat16')) return []
  return lossScalings(model).flatMap(scaling => {
    const around = scaling.losses.map(loss => autocastsOf(model, loss))
    const isCertain = around.every(found => found.length > 0 && found.every(each => agrees(model, scaling, each)))
    const [first] = around.flat()
    return isCertain && first && first !== 'unknown' ? [{ ...scaling, autocast: first }] : []
  })
}

/** The autocasts under which something ran that a value, and its gradient, were computed by. */
export function autocastsOf(model: Model, value: ast.Expression): readonly (Autocast | 'unknown')[] {
  const found = new Map<ast.Call | 'unknown', Autocast | 'unknown'>()
  for (const call of computationOf(model, value).calls) {
    const autocast = isGradientFree(model, call) ? undefined : autocastAt(model, call)
    if (autocast === 'unknown') found.set(autocast, autocast)
    else if (autocast && autocast.enabled !== 'no') found.set(autocast.call, autocast)
  }
  return [...found.values()]
}

const lossScalings = remember((model: Model): readonly LossScaling[] => {
  if (importsTrainer(model)) return []
  const losses = new Map<ast.Call, ast.Expression[]>()
  for (const [call, event] of ampEvents(model)) {
    const [loss] = call.args
    const creation = event.kind === 'scale' ? onlyCreation(model, event.scaler) : undefined
    if (!creation || !loss || enabledOf(model, creation) === 'no') continue
    losses.set(creation, [...(losses.get(creation) ?? []), loss])
  }
  return [...losses].map(([creation, scaled]) => ({ creation, losses: scaled }))
})

/** Is the autocast on together with the scaler: both always, or both by the same flag? */
function agrees(model: Model, { creation }: LossScaling, autocast: Autocast | 'unknown'): boolean {
  if (autocast === 'unknown') return false
  if (enabledOf(model, creation) === 'yes') return autocast.enabled === 'yes'
  const [scaling, casting] = [creation, autocast.call].map(call => ampArgument(model, call, 'enabled'))
  if (!scaling || !casting || scaling === 'unknown' || casting === 'unknown') return false
  return textOf(model, scaling) === textOf(model, casting)
}

function onlyCreation(model: Model, scaler: ast.Expression): ast.Call | undefined {
  const [value, ...others] = model.values(scaler).filter(({ kind }) => kind !== 'expression')
  return value?.kind === 'instance' && others.length === 0 ? value.creation : undefined
}

const halfPrecision = /autocast|half|float16|fp16|bf16/i

/** Does the script name anything of half precision? Importing a name is not using it. */
const mentionsHalfPrecision = remember((model: Model): boolean => {
  const names = [
    ...nodesRun(model, 'Name').map(({ id }) => id),
    ...nodesRun(model, 'Attribute').map(({ attr }) => attr),
    ...nodesRun(model, 'Keyword').map(({ arg }) => arg ?? ''),
    ...nodesRun(model, 'Parameter').map(({ name }) => name),
    ...nodesRun(model, 'Constant').map(({ value }) => (typeof value === 'string' && !/\s/.test(value) ? value : '')),
  ]
  return names.some(name => halfPrecision.test(name))
})
