/** What the script calls its scaler and optimizer at a place: messages name them, and fixes may only use what is in scope. */
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { creationsOf } from '../optimizers.ts'
import { parameterSources } from '../parameters.ts'
import { type AmpEvent, ampEvents } from './events.ts'

/** An event that names a scaler and one of its optimizers, as the user wrote them. */
export interface Names {
  readonly scaler: string
  readonly optimizer: string
  /** True if both are written so in the scope of the place that was asked for. */
  readonly isInScope: boolean
}

type Stepping = Extract<AmpEvent, { kind: 'unscale' | 'step' }>

/** The scaler and the optimizer at a call; with several, the optimizer that holds `parameters`. */
export function namesAt(model: Model, at: ast.Call, parameters?: ast.Expression): Names | undefined {
  const all = [...ampEvents(model)].filter(
    (entry): entry is [ast.Call, Stepping] => 'optimizer' in entry[1] && 'scaler' in entry[1],
  )
  const scope = model.scope(at)
  const near = all.filter(([call]) => model.scope(call) === scope).map(([, event]) => event)
  const name = (event: Stepping): Names => ({
    scaler: textOf(model, event.scaler),
    optimizer: textOf(model, event.optimizer),
    isInScope: near.includes(event),
  })
  const candidates = near.length > 0 ? near : all.map(([, event]) => event)
  const distinct = new Set(candidates.map(event => textOf(model, event.optimizer)))
  const [first] = candidates
  if (!first) return undefined
  if (distinct.size === 1) return name(first)
  const owner = parameters && candidates.find(event => holds(model, event.optimizer, parameters))
  return owner ? name(owner) : { ...name(first), isInScope: false }
}

/** The scaler as written in the scope of a call, if it is. */
export function scalerAt(model: Model, at: ast.Call): string | undefined {
  const scope = model.scope(at)
  for (const [call, event] of ampEvents(model))
    if ('scaler' in event && model.scope(call) === scope) return textOf(model, event.scaler)
  return undefined
}

export const textOf = (model: Model, node: ast.Expression): string => model.textOf(node)

function holds(model: Model, optimizer: ast.Expression, parameters: ast.Expression): boolean {
  const wanted = parameterSources(model, parameters)?.map(({ module }) => module)
  const held = creationsOf(model, optimizer)?.flatMap(creation =>
    creation.parameters ? (parameterSources(model, creation.parameters) ?? []) : [],
  )
  return (
    wanted !== undefined && held !== undefined && wanted.every(module => held.some(source => source.module === module))
  )
}
