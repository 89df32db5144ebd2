/** ReduceLROnPlateau that waits for a metric to move the wrong way. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { directionOf } from './countersAndMetrics.ts'
import {
  type SchedulerCall,
  type SchedulerCreation,
  schedulerArgument,
  schedulerCalls,
  schedulerCreations,
} from './schedulers.ts'

export interface WrongMode {
  readonly creation: SchedulerCreation
  /** The argument that says the mode; undefined: `min` by default. */
  readonly argument: ast.Expression | undefined
  readonly mode: 'min' | 'max'
  readonly step: SchedulerCall
  readonly metric: ast.Expression
}

export function wrongModes(model: Model): readonly WrongMode[] {
  return schedulerCreations(model).flatMap(creation => {
    const mode = creation.fact.needsMetric && modeOf(model, creation)
    if (!mode) return []
    const steps = schedulerCalls(model).filter(call => call.method === 'step' && call.creations.includes(creation))
    const wrong = steps.flatMap(step => {
      const metric = model.argument(step.call, 'metrics', 0)
      const direction = metric.kind === 'given' ? directionOf(model, metric.value) : undefined
      return metric.kind === 'given' && direction && direction !== mode.mode
        ? [{ creation, ...mode, step, metric: metric.value }]
        : []
    })
    // Where one step is right, the names of the others mislead.
    return wrong.length === steps.length ? wrong.slice(0, 1) : []
  })
}

function modeOf(model: Model, creation: SchedulerCreation): Pick<WrongMode, 'argument' | 'mode'> | undefined {
  const argument = schedulerArgument(model, creation, 'mode')
  if (argument === undefined) return { argument, mode: 'min' }
  const mode = argument === 'unknown' ? undefined : model.constant(argument)
  return argument !== 'unknown' && (mode === 'min' || mode === 'max') ? { argument, mode } : undefined
}
