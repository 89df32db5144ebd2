/**
 * What stands beside the code where the user asks for it: what a line comes to in the script as a whole, in a few words.
 *
 * Invariant of the layer: a hint is true of every run that takes the options at their defaults, and it says so where it
 * rests on one. What is not certain has none.
 */
import type { Message } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import { remember } from '../torch/remember.ts'
import { decayHints } from './decay.ts'
import { batchHints } from './effectiveBatch.ts'
import { stepHints } from './schedulerSteps.ts'

export type HintKind = 'effectiveBatchSize' | 'decay' | 'schedulerSteps'

export interface Hint {
  /** The offset that it stands at. */
  readonly at: number
  readonly text: Message
  /** Markdown. */
  readonly tooltip: Message
}

/** In source order. */
export function hintsOf(model: Model, kinds: readonly HintKind[]): readonly Hint[] {
  return kinds.flatMap(kind => makers[kind](model)).toSorted((a, b) => a.at - b.at)
}

const makers: Readonly<Record<HintKind, (model: Model) => readonly Hint[]>> = {
  effectiveBatchSize: remember(batchHints),
  decay: remember(decayHints),
  schedulerSteps: remember(stepHints),
}
