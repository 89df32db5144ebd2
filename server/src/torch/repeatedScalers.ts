/**
 * GradScalers that are made again and again while one optimizer trains, through calls into the file's own functions:
 *
 *     for epoch in range(epochs):
 *         train_epoch(model, optimizer)        each epoch, if train_epoch() makes the scaler before its loop over batches
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type AmpEvent, ampEvents } from './amp/events.ts'
import { enabledOf } from './autocast.ts'
import { scalerClasses } from './facts/amp.ts'
import { creationOf } from './modules.ts'
import { creationsOf } from './optimizers.ts'
import { type Loop, loopAround, loopsBetween } from './repetition.ts'
import { importsTrainer } from './usage.ts'

export interface RepeatedScaler {
  readonly creation: ast.Call
  readonly loop: Loop
  /** It serves one iteration, or the loop over the batches of one epoch. */
  readonly level: 'batch' | 'epoch'
  /** The optimizers that it steps. */
  readonly optimizers: readonly ast.Expression[]
}

export function repeatedScalers(model: Model): readonly RepeatedScaler[] {
  if (importsTrainer(model)) return []
  return model.calls(scalerClasses).flatMap(creation => {
    const loop = enabledOf(model, creation) === 'no' ? undefined : loopAround(model, creation, 0)
    if (!loop) return []
    const events = [...ampEvents(model)].filter(([, event]) => isOf(model, event, creation))
    const optimizers = events.flatMap(([, event]) => ('optimizer' in event ? [event.optimizer] : []))
    if (optimizers.length === 0 || optimizers.some(optimizer => isMadeIn(model, optimizer, loop))) return []
    const distances = events.flatMap(([call, { kind }]) =>
      kind === 'scale' ? (loopsBetween(model, call, loop, 0) ?? []) : [],
    )
    const distance = Math.min(...distances)
    const level = distance === 0 ? 'batch' : distance === 1 ? 'epoch' : undefined
    return level ? [{ creation, loop, level, optimizers }] : []
  })
}

/** Is what the optimizer is made in the loop, too, so that each iteration is a training of its own? */
export function isMadeIn(model: Model, optimizer: ast.Expression, loop: Loop): boolean {
  const made: readonly ast.Expression[] = (creationsOf(model, optimizer) ?? []).map(({ call }) => call)
  const assigned = optimizer.kind === 'Name' ? model.sources(optimizer) : []
  return [...made, ...assigned].some(node => loopsBetween(model, node, loop, 0) !== undefined)
}

const isOf = (model: Model, event: AmpEvent, creation: ast.Call): boolean =>
  'scaler' in event && model.values(event.scaler).some(value => creationOf(value) === creation)
