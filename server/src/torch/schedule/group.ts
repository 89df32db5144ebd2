/**
 * A scheduler at work on the first parameter group of its optimizer, as `torch.optim.lr_scheduler` writes it: rates are
 * computed from the rate before, in PyTorch's own order of operations, so that they are equal to the last digits.
 */
import { PythonError } from './python.ts'

/** The numbers of `optimizer.param_groups[0]` that schedulers read and write. */
export interface Group {
  lr: number
  initialLr: number | undefined
  /** Momentum or the first beta; undefined if the optimizer has none, or it is not visible. */
  momentum: number | undefined
}

export interface Scheduler {
  /** SequentialLR counts back where it takes over. */
  lastEpoch: number
  readonly children: readonly Scheduler[]
  step(): void
  /** What the constructor does, and SequentialLR again. */
  initialStep(): void
  /** To the beginning of the schedule, which SequentialLR asks for at a milestone. */
  restart(): void
}

/** What a schedule computes a rate from. */
export interface Progress {
  readonly lastEpoch: number
  readonly stepCount: number
  readonly isInitial: boolean
  readonly baseLr: number
}

export interface Formula {
  readonly rate: (progress: Progress) => number
  /** Of an epoch, where PyTorch has it; else `rate` counts for any epoch. */
  readonly closed?: (progress: Progress) => number
}

/** `LRScheduler.__init__`, `step` and `_update_lr`. */
export function createScheduler(group: Group, lastEpoch: number, { rate, closed = rate }: Formula): Scheduler {
  const progress = { lastEpoch, stepCount: 0, isInitial: false, baseLr: startFrom(group, lastEpoch) }
  const scheduler: Scheduler = {
    children: [],
    get lastEpoch() {
      return progress.lastEpoch
    },
    set lastEpoch(epoch) {
      progress.lastEpoch = epoch
    },
    step() {
      progress.stepCount++
      progress.lastEpoch++
      group.lr = rate(progress)
    },
    initialStep() {
      progress.stepCount = 0
      progress.isInitial = true
      scheduler.step()
      progress.isInitial = false
    },
    restart() {
      progress.lastEpoch = 0
      group.lr = closed(progress)
    },
  }
  scheduler.initialStep()
  return scheduler
}

/** The rate that the schedule multiplies. */
export function startFrom(group: Group, lastEpoch: number): number {
  if (lastEpoch === -1) group.initialLr ??= group.lr
  if (group.initialLr !== undefined) return group.initialLr
  throw new PythonError(
    'KeyError',
    "param 'initial_lr' is not specified in param_groups[0] when resuming scheduler with last_epoch >= 0.",
  )
}
