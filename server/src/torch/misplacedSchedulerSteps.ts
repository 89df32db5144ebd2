/** Schedulers whose numbers count epochs and that step per batch, and the other way round. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type Count, countOf, countsLength, exceeds, isSame, number, numberOf, times } from './counts.ts'
import { type SchedulerCreation, schedulerArgument } from './schedulers.ts'
import { epochCount, iteratedBy, mostSteps, type Stepping, steppings } from './stepping.ts'

export interface MisplacedStep {
  readonly stepping: Stepping
  /** The argument whose number shows what is counted, if it is written. */
  readonly argument: ast.Expression | undefined
  readonly parameter: string
}

export function stepsPerBatch(model: Model): readonly MisplacedStep[] {
  return steppings(model).flatMap(stepping => {
    const { level, loops, isRegular } = stepping
    const [batch] = loops
    const epochs = loops.find(({ training }) => training?.level === 'epoch')
    if (level !== 'batch' || !isRegular || !epochs || !isTraining(batch) || !iteratesData(model, batch?.node)) return []
    const shown = shownEpochs(model, stepping)
    return shown ? [{ stepping, ...shown }] : []
  })
}

export function stepsPerEpoch(model: Model): readonly MisplacedStep[] {
  return steppings(model).flatMap(stepping => {
    const [loop] = stepping.loops
    if (stepping.level !== 'epoch' || !stepping.isRegular || !isTraining(loop)) return []
    // Where the optimizer steps in the same loop, the inner one goes through parts of a batch.
    if (loop?.training?.events.some(({ kind }) => kind === 'step')) return []
    const shown = shownBatches(model, stepping)
    return shown ? [{ stepping, ...shown }] : []
  })
}

type Shown = Pick<MisplacedStep, 'argument' | 'parameter'>

const isTraining = (loop: Stepping['loops'][number] | undefined): boolean => loop?.training?.mode === 'training'

/** A loop over a range, or an endless one, may be anything; one over a loader has batches. */
function iteratesData(model: Model, loop: ast.For | ast.While | undefined): boolean {
  if (loop?.kind !== 'For') return false
  const iterated = iteratedBy(model, loop)
  return iterated.kind === 'Name' || iterated.kind === 'Attribute' || iterated.kind === 'Subscript'
}

/** Nobody waits fewer batches than this for a metric to improve. */
const fewestBatches = 50
/** What is left of the rate after a thousand batches where the decay was meant for epochs. */
const collapsed = 1e-6
const thousand = 1000

/** The argument that can only count epochs. */
function shownEpochs(model: Model, stepping: Stepping): Shown | undefined {
  const { creation } = stepping
  const epochs = epochCount(model, stepping)
  const read = (parameter: string) => argumentOf(model, creation, parameter)
  switch (creation.className) {
    case 'ReduceLROnPlateau': {
      const { given, value = 10, isHidden } = read('patience')
      return !isHidden && value <= fewestBatches ? { argument: given, parameter: 'patience' } : undefined
    }
    case 'ExponentialLR': {
      const { given, value } = read('gamma')
      return value !== undefined && value > 0 && value ** thousand < collapsed
        ? { argument: given, parameter: 'gamma' }
        : undefined
    }
    case 'StepLR': {
      const { given, value } = read('step_size')
      const gamma = read('gamma')
      const total = numberOf(epochs)
      if (value === undefined || gamma.isHidden || total === undefined || value > total) return undefined
      const rest = (gamma.value ?? 0.1) ** Math.floor(thousand / value)
      return rest < collapsed ? { argument: given, parameter: 'step_size' } : undefined
    }
    case 'MultiStepLR': {
      const { given } = read('milestones')
      const milestones = given && model.constant(given)
      const total = numberOf(epochs)
      if (!Array.isArray(milestones) || milestones.length === 0 || total === undefined) return undefined
      return milestones.every(each => typeof each === 'number' && each <= total)
        ? { argument: given, parameter: 'milestones' }
        : undefined
    }
    case 'CosineAnnealingLR':
      return epochs && sameAs(model, read('T_max').given, epochs, 'T_max')
    case 'PolynomialLR':
      return epochs && sameAs(model, read('total_iters').given, epochs, 'total_iters')
    default:
      return undefined
  }
}

function sameAs(
  model: Model,
  argument: ast.Expression | undefined,
  epochs: Count,
  parameter: string,
): Shown | undefined {
  const count = argument && countOf(model, argument)
  return count && isSame(count, epochs) && !isSame(count, number(1)) ? { argument, parameter } : undefined
}

/** The argument that can only count batches. */
function shownBatches(model: Model, stepping: Stepping): Shown | undefined {
  const { creation } = stepping
  const given = (parameter: string) => argumentOf(model, creation, parameter).given
  const counts = (parameter: string): Shown | undefined => {
    const argument = given(parameter)
    return argument && countsLength(model, argument) && !isReached(model, stepping, argument)
      ? { argument, parameter }
      : undefined
  }
  switch (creation.className) {
    case 'OneCycleLR':
      return counts('total_steps') ?? (given('total_steps') ? undefined : counts('steps_per_epoch'))
    case 'CyclicLR': {
      const { given: argument, value = 2000, isHidden } = argumentOf(model, creation, 'step_size_up')
      if (argument && countOf(model, argument)) return counts('step_size_up') ?? neverReached(model, stepping, argument)
      const most = mostSteps(model, stepping)
      const isDefault = !argument && !isHidden && most !== undefined && exceeds(number(value), most)
      return isDefault ? { argument, parameter: 'step_size_up' } : undefined
    }
    case 'CosineAnnealingLR':
      return counts('T_max')
    case 'PolynomialLR':
      return counts('total_iters')
    default:
      return undefined
  }
}

/** Is the length that of what the loops go through? */
function isReached(model: Model, stepping: Stepping, argument: ast.Expression): boolean {
  const [count, most] = [countOf(model, argument), mostSteps(model, stepping)]
  return count !== undefined && most !== undefined && isSame(count, most)
}

/** Ten times as many steps as there will ever be are no epochs. */
const far = 10

function neverReached(model: Model, stepping: Stepping, argument: ast.Expression): Shown | undefined {
  const [count, most] = [countOf(model, argument), mostSteps(model, stepping)]
  return count && most && exceeds(count, times(most, number(far))) ? { argument, parameter: 'step_size_up' } : undefined
}

interface Argument {
  readonly given: ast.Expression | undefined
  readonly value: number | undefined
  /** Is there something that is not known? */
  readonly isHidden: boolean
}

function argumentOf(model: Model, creation: SchedulerCreation, parameter: string): Argument {
  const given = schedulerArgument(model, creation, parameter)
  if (given === undefined) return { given, value: undefined, isHidden: false }
  if (given === 'unknown') return { given: undefined, value: undefined, isHidden: true }
  const value = model.constant(given)
  return typeof value === 'number' ? { given, value, isHidden: false } : { given, value: undefined, isHidden: true }
}
