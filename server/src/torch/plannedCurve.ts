import type { Model } from '../semantic/model.ts'
import { numberOf } from './counts.ts'
import { type Curve, curveOf } from './schedule.ts'
import type { SchedulerCreation } from './schedulers.ts'
import { type Stepping, stepCount, steppings } from './stepping.ts'

export interface PlannedCurve {
  readonly stepping: Stepping | undefined
  /** How many times the script steps the scheduler; undefined where the text does not show it. */
  readonly planned: number | undefined
  /** As far as the script trains, or as far as is asked for. */
  readonly curve: Curve | undefined
}

/** The learning rates that the script's own loops run through; `steps`: another number of them. */
export function plannedCurve(model: Model, creation: SchedulerCreation, steps?: number): PlannedCurve {
  const stepping = steppings(model).find(each => each.creation === creation)
  const count = stepping && numberOf(stepCount(model, stepping))
  const planned = count !== undefined && Number.isInteger(count) && count > 0 ? count : undefined
  const curve = curveOf(model, creation, Math.min(steps ?? planned ?? defaultSteps, mostSteps))
  return { stepping, planned, curve }
}

/** Where the script does not say how long it trains. */
const defaultSteps = 200
/** A curve of more points than this is no use to anybody. */
const mostSteps = 100_000
