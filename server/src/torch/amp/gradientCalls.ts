/** What the calls that make, use, clip or clear gradients do to a state of the protocol. */
import { advanced, dropCells, setCell } from '../cells.ts'
import { freezesParameters } from '../gradients/reach.ts'
import { type AmpState, cellName, forgetGradients, type Step } from './cells.ts'
import type { Context, Handlers } from './context.ts'
import { gradients, type Stage, stages } from './protocol.ts'
import { scalingOf } from './scaling.ts'
import { isUnscaled, scaledBy, scalerOf, stageName } from './state.ts'

export function gradientHandlers(
  context: Context,
): Handlers<'backward' | 'optimizer-step' | 'zero-grad' | 'clip' | 'gradients-changed'> {
  const { model, survey, reach, record, optimizerKey, heldBy, changeGradients } = context
  const { optimizers } = survey

  /** Gradients come in that the scaler takes for unscaled. */
  const scaledBackward = (state: AmpState, scaler: string, optimizer: string, step: Step): AmpState => {
    const name = stageName(scaler, optimizer)
    const known = state.cells.get(name)
    const edge = known && stages['backward-scaled'][known.value as Stage]
    if (!edge?.breaks) return state
    if (known?.step) survey.report(edge.breaks, known.step.call, step)
    return setCell(state, name, edge.to)
  }

  return {
    backward: ({ loss }, call, moment) => {
      const { state, frame } = moment
      const scaled = loss ? scalingOf(model, loss, moment) : 'unknown'
      const step = record(state, frame, 'backward', call)
      const reaching = (optimizer: string) => (loss ? reach.backward(loss, optimizer, frame) : 'unknown')
      const started = dropCells(advanced(state, step), name => name.startsWith('several|'))
      const staged = optimizers
        .all()
        .filter(optimizer => reaching(optimizer) === 'yes')
        .reduce((at, optimizer) => scaledBackward(at, scaled, optimizer, step), started)
      return changeGradients(staged, (optimizer, held) => {
        const reaches = reaching(optimizer)
        if (reaches === 'no') return undefined
        const { to } = gradients[scaled === 'plain' ? 'backward-plain' : 'backward-scaled'][held]
        if (scaled === 'unknown' || (reaches === 'unknown' && to !== held)) return 'unknown'
        return scaledBy(to, scalerOf(state, optimizer) ?? scaled)
      })
    },

    'optimizer-step': (event, call, moment) => {
      const { state, frame } = moment
      const key = optimizerKey(event.optimizer, frame)
      const step = record(state, frame, 'optimizer-step', call, { optimizer: event.optimizer })
      const next = advanced(state, step)
      if (key === undefined) return forgetGradients(next)
      const name = cellName('gradients', key)
      if (event.closure) return setCell(next, name, 'unknown')
      const edge = gradients['optimizer-step'][heldBy(key, moment)]
      const stepped = setCell(next, name, edge.to)
      if (!edge.breaks) return stepped
      survey.report(edge.breaks, call, step)
      const scaler = scalerOf(state, key)
      return scaler === undefined ? stepped : setCell(stepped, cellName('checks', scaler), 'unknown')
    },

    'zero-grad': ({ target }, call, { state, frame }) => {
      const clears = reach.zeroGrad(target, frame)
      return changeGradients(advanced(state, record(state, frame, 'zero-grad', call)), (optimizer, held) => {
        const certainty = clears(optimizer)
        if (certainty === 'no') return undefined
        return certainty === 'yes' ? gradients['zero-grad'][held].to : 'unknown'
      })
    },

    clip: ({ parameters }, call, moment) => {
      const { state, frame } = moment
      const step = record(state, frame, 'clip', call)
      const next = advanced(state, step)
      const { certain, possible } = reach.holders(parameters, frame)
      const clipped = certain.length > 0 ? certain : possible
      const [first, ...others] = clipped.map(optimizer => gradients.clip[heldBy(optimizer, moment)])
      if (!first?.breaks || others.some(({ breaks }) => !breaks)) return next
      const unscaled = optimizers.all().filter(optimizer => isUnscaled(state, optimizer))
      if (unscaled.some(optimizer => clipped.includes(optimizer))) return next
      if (unscaled.length > 0 && (certain.length === 0 || freezesParameters(model))) return next
      const rule = unscaled.length > 0 ? 'amp/unscaled-other-optimizer' : first.breaks
      survey.report(rule, call, step)
      return changeGradients(next, optimizer =>
        clipped.includes(optimizer) ? scaledBy(first.to, scalerOf(state, optimizer)) : undefined,
      )
    },

    'gradients-changed': (_event, _call, { state }) => forgetGradients(state),
  }
}
