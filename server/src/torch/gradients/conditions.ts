/**
 * The life of the gradients of one optimizer's parameters, as a table: a row says where an event leads from each
 * condition; a row that names a rule is a mistake.
 *
 *     CLEAR ──backward──▶ FRESH ──step──▶ SPENT ──zero_grad──▶ CLEAR
 *                           │               └──backward──▶ MIXED ──step──▶ the gradients of several steps add up
 *                           └──zero_grad──▶ DROPPED ──step──▶ the step does nothing
 */

export const gradientRules = [
  'loop/missing-zero-grad',
  'loop/zero-grad-before-step',
  'loop/step-before-backward',
  'loop/misplaced-clip',
  'loop/graph-freed',
  'loop/step-between-backwards',
] as const
export type GradientRule = (typeof gradientRules)[number]

/**
 * `untouched`: the path has not met them. `fresh`: computed in this iteration; `carried`: in an earlier one, and not used
 * yet. `dropped`: computed and cleared in this iteration, used by no step; `lost`: the same, but computed in an earlier
 * iteration; `partial`: computed after that. `spent`: used by a step in this iteration and still there; `left`: in an
 * earlier one. `mixed`: new ones on top of used ones.
 */
export type Condition =
  | 'untouched'
  | 'clear'
  | 'fresh'
  | 'carried'
  | 'dropped'
  | 'lost'
  | 'partial'
  | 'spent'
  | 'left'
  | 'mixed'
  | 'unknown'

export interface Edge {
  readonly to: Condition
  readonly breaks?: GradientRule
}

type Event = 'backward' | 'step' | 'zero-grad' | 'clip' | 'iterate'

export const conditions: Readonly<Record<Event, Readonly<Record<Condition, Edge>>>> = {
  backward: {
    untouched: { to: 'fresh' },
    clear: { to: 'fresh' },
    fresh: { to: 'fresh' },
    carried: { to: 'fresh' },
    dropped: { to: 'fresh' },
    lost: { to: 'partial' },
    partial: { to: 'partial' },
    spent: { to: 'mixed' },
    left: { to: 'mixed' },
    mixed: { to: 'mixed' },
    unknown: { to: 'fresh' },
  },
  step: {
    untouched: { to: 'unknown' },
    clear: { to: 'clear' },
    fresh: { to: 'spent' },
    carried: { to: 'spent' },
    dropped: { to: 'clear', breaks: 'loop/zero-grad-before-step' },
    lost: { to: 'clear' },
    partial: { to: 'spent', breaks: 'loop/zero-grad-before-step' },
    spent: { to: 'spent' },
    left: { to: 'spent' },
    mixed: { to: 'spent', breaks: 'loop/missing-zero-grad' },
    unknown: { to: 'spent' },
  },
  'zero-grad': {
    untouched: { to: 'clear' },
    clear: { to: 'clear' },
    fresh: { to: 'dropped' },
    carried: { to: 'lost' },
    dropped: { to: 'dropped' },
    lost: { to: 'lost' },
    partial: { to: 'dropped' },
    spent: { to: 'clear' },
    left: { to: 'clear' },
    mixed: { to: 'dropped' },
    unknown: { to: 'clear' },
  },
  clip: {
    untouched: { to: 'untouched' },
    clear: { to: 'clear', breaks: 'loop/misplaced-clip' },
    fresh: { to: 'fresh' },
    carried: { to: 'carried' },
    dropped: { to: 'dropped', breaks: 'loop/misplaced-clip' },
    lost: { to: 'lost', breaks: 'loop/misplaced-clip' },
    partial: { to: 'partial' },
    spent: { to: 'spent', breaks: 'loop/misplaced-clip' },
    left: { to: 'left' },
    mixed: { to: 'mixed' },
    unknown: { to: 'unknown' },
  },
  iterate: {
    untouched: { to: 'untouched' },
    clear: { to: 'clear' },
    fresh: { to: 'carried' },
    carried: { to: 'carried' },
    dropped: { to: 'clear' },
    lost: { to: 'clear' },
    partial: { to: 'carried' },
    spent: { to: 'left' },
    left: { to: 'left' },
    mixed: { to: 'mixed' },
    unknown: { to: 'unknown' },
  },
}
