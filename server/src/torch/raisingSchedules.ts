/** Schedulers whose arguments, each of them accepted, make PyTorch raise: found by computing what it would compute. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import { numberOf } from './counts.ts'
import { creationsOf } from './optimizers.ts'
import { isProbe } from './probes.ts'
import { type CurveError, curveOf } from './schedule.ts'
import { type SchedulerCreation, schedulerCreations } from './schedulers.ts'
import { stepCount, steppings } from './stepping.ts'

export interface RaisingSchedule {
  readonly creation: SchedulerCreation
  readonly error: CurveError
}

/** Long enough for what goes wrong at the start of a schedule, and at the end of most. */
const mostSteps = 2000

export function raisingSchedules(model: Model): readonly RaisingSchedule[] {
  return schedulerCreations(model).flatMap(creation => {
    if (isProbe(model, creation.call)) return []
    const stepping = steppings(model).find(each => each.creation === creation)
    const count = stepping && !stepping.isInterruptible ? (numberOf(stepCount(model, stepping)) ?? 0) : 0
    const curve = curveOf(model, creation, Math.min(count, mostSteps))
    if (!curve?.error || curve.assumptions.length > 0 || isReportedElsewhere(curve.error)) return []
    return curve.error.type !== 'KeyError' || isFresh(model, creation) ? [{ creation, error: curve.error }] : []
  })
}

/** More steps than OneCycleLR allows are a matter of the loops. */
const isReportedElsewhere = ({ text }: CurveError): boolean => text.startsWith('Tried to step')

/** Has certainly nothing set the `initial_lr` that an optimizer gets from its first scheduler or from a checkpoint? */
function isFresh(model: Model, { optimizer }: SchedulerCreation): boolean {
  const [made, ...others] = (optimizer && creationsOf(model, optimizer)) ?? []
  if (!made || others.length > 0 || schedulerCreations(model).length > 1) return false
  const touches = nodesRun(model, 'Attribute').some(({ attr }) => attr === 'load_state_dict' || attr === 'param_groups')
  return !touches && !nodesRun(model, 'Constant').some(({ value }) => value === 'initial_lr')
}
