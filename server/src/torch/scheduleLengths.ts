/** Schedules that are longer or shorter than the loops that step them. */
import type { Literal, Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type Count, countOf, exceeds, numberOf, times } from './counts.ts'
import { stepsPerBatch } from './misplacedSchedulerSteps.ts'
import { displayed } from './schedulerCombinations.ts'
import { type SchedulerCreation, schedulerArgument, schedulerCreations } from './schedulers.ts'
import { mostSteps, type Stepping, stepCount, steppings } from './stepping.ts'

export interface ShortSchedule {
  readonly stepping: Stepping
  /** What says how long it is. */
  readonly argument: ast.Expression
}

/** OneCycleLR, where the loops certainly step more often than it allows. */
export function exceededTotals(model: Model): readonly ShortSchedule[] {
  return ofClass(model, 'OneCycleLR').flatMap(stepping => {
    const count = stepping.isInterruptible ? undefined : stepCount(model, stepping)
    const total = totalSteps(model, stepping.creation)
    return count && total && exceeds(count, total.count) ? [{ stepping, argument: total.argument }] : []
  })
}

/** One step more than this many half-periods, and it is a rebound; a step more is the end of a full decay. */
const slack = 2

/** CosineAnnealingLR that comes down, and climbs again, before the loops end. One that counts epochs steps too often. */
export function rebounds(model: Model): readonly ShortSchedule[] {
  const misplaced = new Set(stepsPerBatch(model).map(({ stepping }) => stepping))
  return ofClass(model, 'CosineAnnealingLR').flatMap(stepping => {
    if (misplaced.has(stepping)) return []
    const argument = given(model, stepping.creation, 'T_max')
    const length = argument && countOf(model, argument)
    const count = stepping.isInterruptible ? undefined : stepCount(model, stepping)
    return argument && length && count && exceeds(count, length, slack) ? [{ stepping, argument }] : []
  })
}

const ofClass = (model: Model, className: string): readonly Stepping[] =>
  steppings(model).filter(
    ({ creation, step, isReplaced }) => creation.className === className && !isReplaced && isPlain(step.call),
  )

/** `step(epoch)` sets the epoch instead of counting. */
const isPlain = ({ args, keywords }: ast.Call): boolean => args.length + keywords.length === 0

function given(model: Model, creation: SchedulerCreation, parameter: string): ast.Expression | undefined {
  const argument = schedulerArgument(model, creation, parameter)
  return argument === 'unknown' ? undefined : argument
}

function totalSteps(
  model: Model,
  creation: SchedulerCreation,
): { readonly argument: ast.Expression; readonly count: Count } | undefined {
  const argument = given(model, creation, 'total_steps')
  if (argument) {
    const count = countOf(model, argument)
    return count && { argument, count }
  }
  const [epochs, batches] = [given(model, creation, 'epochs'), given(model, creation, 'steps_per_epoch')]
  const [a, b] = [epochs && countOf(model, epochs), batches && countOf(model, batches)]
  return epochs && a && b && { argument: epochs, count: times(a, b) }
}

export interface LostMilestone {
  readonly creation: SchedulerCreation
  readonly milestone: ast.Expression
  readonly problem: 'late' | 'fraction' | 'string' | 'duplicate'
  /** Of a late one: how many steps there are. */
  readonly steps: number | undefined
}

/** Milestones of MultiStepLR at which nothing happens, or twice as much as one expects; one for each problem. */
export function lostMilestones(model: Model): readonly LostMilestone[] {
  return schedulerCreations(model).flatMap(creation => {
    if (creation.className !== 'MultiStepLR') return []
    const argument = given(model, creation, 'milestones')
    const milestones = argument && displayed(model, argument)
    if (!milestones) return []
    const late = ofClass(model, 'MultiStepLR')
      .filter(stepping => stepping.creation === creation)
      .flatMap(stepping => lateMilestone(model, stepping, milestones))
    return [...late, ...strangeMilestones(model, milestones)].map(found => ({ creation, steps: undefined, ...found }))
  })
}

type Found = Pick<LostMilestone, 'milestone' | 'problem'> & Partial<Pick<LostMilestone, 'steps'>>

function lateMilestone(model: Model, stepping: Stepping, milestones: readonly ast.Expression[]): readonly Found[] {
  const most = mostSteps(model, stepping)
  const late = most && milestones.find(milestone => isLate(model, milestone, most))
  return late ? [{ milestone: late, problem: 'late', steps: numberOf(most) }] : []
}

/** The rate of the last milestone's step is used by no step of the optimizer if that is the last one. */
function isLate(model: Model, milestone: ast.Expression, most: Count): boolean {
  const count = countOf(model, milestone)
  return count !== undefined && exceeds(count, most, 0)
}

function strangeMilestones(model: Model, milestones: readonly ast.Expression[]): readonly Found[] {
  const seen = new Set<Literal>()
  for (const milestone of milestones) {
    const value = model.constant(milestone)
    if (typeof value === 'string') return [{ milestone, problem: 'string' }]
    if (typeof value === 'number' && !Number.isInteger(value)) return [{ milestone, problem: 'fraction' }]
    if (value !== undefined && seen.has(value)) return [{ milestone, problem: 'duplicate' }]
    if (value !== undefined) seen.add(value)
  }
  return []
}
