import type { Model } from '../../semantic/model.ts'
import { namesBehind } from '../gradients/slice.ts'
import { remember } from '../remember.ts'
import { ampEvents } from './events.ts'

/** The names that may hold a scaled loss. Only these are followed along the paths. */
export const lossNames = remember((model: Model): ReadonlySet<string> => {
  const losses = [...ampEvents(model).values()].map(event => (event.kind === 'backward' ? event.loss : undefined))
  return namesBehind(
    model,
    losses.filter(loss => loss !== undefined),
    'values',
  )
})
