/**
 * The GradScaler protocol as tables. A scaler keeps a stage for each of its optimizers and the inf checks that they
 * recorded, and the gradients of an optimizer are in one of a few conditions. A row says where an event leads; a row that
 * names a rule is an illegal edge.
 *
 *     READY ──unscale_──▶ UNSCALED ──step──▶ STEPPED            update(): every optimizer back to READY
 *       └──────────────step──────────────────▲
 */

export const ampRules = [
  'amp/missing-update',
  'amp/update-without-step',
  'amp/update-between-steps',
  'amp/repeated-step',
  'amp/repeated-unscale',
  'amp/unscale-after-step',
  'amp/unscale-after-update',
  'amp/clip-before-unscale',
  'amp/unscaled-other-optimizer',
  'amp/step-with-closure',
  'amp/optimizer-step-bypasses-scaler',
  'amp/unscaled-backward',
] as const
export type AmpRule = (typeof ampRules)[number]

/** Where an event leads from a state, and the rule that the edge breaks. */
export interface Edge<State extends string> {
  readonly to: State
  readonly breaks?: AmpRule
}
type Table<Event extends string, State extends string> = Readonly<Record<Event, Readonly<Record<State, Edge<State>>>>>

/**
 * A scaler's view of one optimizer. `unscaled-early`: with no new gradients since the update, so that those to come pass for
 * unscaled; `stepped-before`: in an earlier iteration, with no `update()` since.
 */
export type Stage = 'ready' | 'unscaled' | 'unscaled-early' | 'stepped' | 'stepped-before' | 'unknown'

export const stages: Table<'unscale' | 'unscale-early' | 'backward-scaled' | 'step' | 'update' | 'iterate', Stage> = {
  unscale: {
    ready: { to: 'unscaled' },
    unscaled: { to: 'unscaled', breaks: 'amp/repeated-unscale' },
    'unscaled-early': { to: 'unscaled', breaks: 'amp/repeated-unscale' },
    stepped: { to: 'stepped', breaks: 'amp/unscale-after-step' },
    'stepped-before': { to: 'unscaled', breaks: 'amp/missing-update' },
    unknown: { to: 'unscaled' },
  },
  'unscale-early': {
    ready: { to: 'unscaled-early' },
    unscaled: { to: 'unscaled', breaks: 'amp/repeated-unscale' },
    'unscaled-early': { to: 'unscaled-early', breaks: 'amp/repeated-unscale' },
    stepped: { to: 'stepped', breaks: 'amp/unscale-after-step' },
    'stepped-before': { to: 'unscaled', breaks: 'amp/missing-update' },
    unknown: { to: 'unscaled' },
  },
  'backward-scaled': {
    ready: { to: 'ready' },
    unscaled: { to: 'unscaled' },
    'unscaled-early': { to: 'unscaled', breaks: 'amp/unscale-after-update' },
    stepped: { to: 'stepped' },
    'stepped-before': { to: 'stepped-before' },
    unknown: { to: 'unknown' },
  },
  step: {
    ready: { to: 'stepped' },
    unscaled: { to: 'stepped' },
    'unscaled-early': { to: 'stepped' },
    stepped: { to: 'stepped', breaks: 'amp/repeated-step' },
    'stepped-before': { to: 'stepped', breaks: 'amp/missing-update' },
    unknown: { to: 'stepped' },
  },
  update: {
    ready: { to: 'ready' },
    unscaled: { to: 'ready' },
    'unscaled-early': { to: 'ready' },
    stepped: { to: 'ready' },
    'stepped-before': { to: 'ready' },
    unknown: { to: 'ready' },
  },
  iterate: {
    ready: { to: 'ready' },
    unscaled: { to: 'unscaled' },
    'unscaled-early': { to: 'unscaled-early' },
    stepped: { to: 'stepped-before' },
    'stepped-before': { to: 'stepped-before' },
    unknown: { to: 'unknown' },
  },
}

/** What a scaler has recorded since its last update, by which `update()` decides: a step or an unscaling records it. */
export type Checks = 'none' | 'recorded' | 'unknown'

export const checks: Table<'unscale' | 'step' | 'update', Checks> = {
  unscale: { none: { to: 'recorded' }, recorded: { to: 'recorded' }, unknown: { to: 'recorded' } },
  step: { none: { to: 'recorded' }, recorded: { to: 'recorded' }, unknown: { to: 'recorded' } },
  update: {
    none: { to: 'none', breaks: 'amp/update-without-step' },
    recorded: { to: 'none' },
    unknown: { to: 'none' },
  },
}

/**
 * The gradients of one optimizer's parameters. `plain`: of a loss that no scaler scaled; `divided`: and yet unscaled; `clipped`: while they were scaled;
 * `stale` and `settled`: scaled and unscaled, by a scale that an update has changed since; `spent`: used by a step, and
 * still there; `mixed`: of scaled and other losses together, or maybe.
 */
export type Gradients =
  | 'clear'
  | 'plain'
  | 'divided'
  | 'scaled'
  | 'clipped'
  | 'unscaled'
  | 'stale'
  | 'settled'
  | 'spent'
  | 'mixed'
  | 'unknown'

export const gradients: Table<
  'backward-scaled' | 'backward-plain' | 'unscale' | 'clip' | 'optimizer-step' | 'scaler-step' | 'update' | 'zero-grad',
  Gradients
> = {
  'backward-scaled': {
    clear: { to: 'scaled' },
    plain: { to: 'mixed' },
    divided: { to: 'mixed' },
    scaled: { to: 'scaled' },
    clipped: { to: 'clipped' },
    unscaled: { to: 'mixed' },
    stale: { to: 'stale' },
    settled: { to: 'mixed' },
    spent: { to: 'scaled' },
    mixed: { to: 'mixed' },
    unknown: { to: 'scaled' },
  },
  'backward-plain': {
    clear: { to: 'plain' },
    plain: { to: 'plain' },
    divided: { to: 'mixed' },
    scaled: { to: 'mixed' },
    clipped: { to: 'mixed' },
    unscaled: { to: 'mixed' },
    stale: { to: 'mixed' },
    settled: { to: 'mixed' },
    spent: { to: 'plain' },
    mixed: { to: 'mixed' },
    unknown: { to: 'mixed' },
  },
  unscale: {
    clear: { to: 'clear' },
    plain: { to: 'divided' },
    divided: { to: 'divided' },
    scaled: { to: 'unscaled' },
    clipped: { to: 'unscaled' },
    unscaled: { to: 'mixed' },
    stale: { to: 'unscaled', breaks: 'amp/update-between-steps' },
    settled: { to: 'settled', breaks: 'amp/update-between-steps' },
    spent: { to: 'spent' },
    mixed: { to: 'mixed' },
    unknown: { to: 'mixed' },
  },
  clip: {
    clear: { to: 'clear' },
    plain: { to: 'plain' },
    divided: { to: 'divided' },
    scaled: { to: 'clipped', breaks: 'amp/clip-before-unscale' },
    clipped: { to: 'clipped' },
    unscaled: { to: 'unscaled' },
    stale: { to: 'clipped', breaks: 'amp/clip-before-unscale' },
    settled: { to: 'settled' },
    spent: { to: 'spent' },
    mixed: { to: 'mixed' },
    unknown: { to: 'unknown' },
  },
  'optimizer-step': {
    clear: { to: 'clear' },
    plain: { to: 'spent' },
    divided: { to: 'spent' },
    scaled: { to: 'spent', breaks: 'amp/optimizer-step-bypasses-scaler' },
    clipped: { to: 'spent', breaks: 'amp/optimizer-step-bypasses-scaler' },
    unscaled: { to: 'spent' },
    stale: { to: 'spent', breaks: 'amp/optimizer-step-bypasses-scaler' },
    settled: { to: 'spent' },
    spent: { to: 'spent' },
    mixed: { to: 'spent' },
    unknown: { to: 'spent' },
  },
  'scaler-step': {
    clear: { to: 'clear' },
    plain: { to: 'spent', breaks: 'amp/unscaled-backward' },
    divided: { to: 'spent', breaks: 'amp/unscaled-backward' },
    scaled: { to: 'spent' },
    clipped: { to: 'spent' },
    unscaled: { to: 'spent' },
    stale: { to: 'spent', breaks: 'amp/update-between-steps' },
    settled: { to: 'spent', breaks: 'amp/update-between-steps' },
    spent: { to: 'spent' },
    mixed: { to: 'spent' },
    unknown: { to: 'spent' },
  },
  /** Only where another optimizer has been stepped: the scale is meant to change after the last step. */
  update: {
    clear: { to: 'clear' },
    plain: { to: 'plain' },
    divided: { to: 'divided' },
    scaled: { to: 'stale' },
    clipped: { to: 'clipped' },
    unscaled: { to: 'settled' },
    stale: { to: 'stale' },
    settled: { to: 'settled' },
    spent: { to: 'spent' },
    mixed: { to: 'mixed' },
    unknown: { to: 'unknown' },
  },
  'zero-grad': {
    clear: { to: 'clear' },
    plain: { to: 'clear' },
    divided: { to: 'clear' },
    scaled: { to: 'clear' },
    clipped: { to: 'clear' },
    unscaled: { to: 'clear' },
    stale: { to: 'clear' },
    settled: { to: 'clear' },
    spent: { to: 'clear' },
    mixed: { to: 'clear' },
    unknown: { to: 'clear' },
  },
}
