/** What the handlers of the protocol's events share: the objects of a path, and what it holds of them. */
import type { Moment } from '../../semantic/explore.ts'
import { type Frame, placeKey, siteOf } from '../../semantic/frames.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { setCell } from '../cells.ts'
import { staticOwners } from '../gradients/flow.ts'
import { createReach, type Reach } from '../gradients/reach.ts'
import { isLoopVariable } from '../loopVariables.ts'
import { type AmpState, cellName, type Step } from './cells.ts'
import { isKnownEnabled } from './enabled.ts'
import type { AmpEvent, CertainEvent } from './events.ts'
import type { Gradients } from './protocol.ts'
import { gradientsOf, scalerOf } from './state.ts'
import type { Survey } from './survey.ts'

export type AmpMoment = Moment<AmpState>
export type Of<Kind extends AmpEvent['kind']> = Extract<AmpEvent, { kind: Kind }>

/** What the events of some kinds do to a state. */
export type Handlers<Kinds extends CertainEvent['kind']> = {
  readonly [Kind in Kinds]: (event: Of<Kind>, call: ast.Call, moment: AmpMoment) => AmpState
}

export interface Context {
  readonly model: Model
  readonly survey: Survey
  readonly reach: Reach
  /** The next step of a history. */
  record(state: AmpState, frame: Frame, kind: Step['kind'], call: ast.Call, objects?: Objects): Step
  optimizerKey(optimizer: ast.Expression, frame: Frame): string | undefined
  heldBy(optimizer: string, moment: Pick<AmpMoment, 'state' | 'facts'>): Gradients
  changeGradients(state: AmpState, change: (optimizer: string, held: Gradients) => string | undefined): AmpState
}

export interface Objects {
  readonly scaler?: ast.Expression
  readonly optimizer?: ast.Expression
  readonly scalerKey?: string | undefined
}

export function createContext(model: Model, survey: Survey): Context {
  const { optimizers } = survey

  const record = (state: AmpState, frame: Frame, kind: Step['kind'], call: ast.Call, objects: Objects = {}): Step => {
    const textOf = (node: ast.Expression): string => model.textOf(node)
    const { scaler, optimizer, scalerKey } = objects
    const named = { scaler: scaler && textOf(scaler), optimizer: optimizer && textOf(optimizer) }
    return { kind, call, site: siteOf(model, call, frame), ...named, scalerKey, before: state.last }
  }

  /** An optimizer has an identity unless it is the variable of a loop over several. */
  const optimizerKey = (optimizer: ast.Expression, frame: Frame): string | undefined => {
    const place = model.place(optimizer)
    const key = place && placeKey(model, place, frame)
    if (key === undefined || isLoopVariable(model, optimizer)) return undefined
    if (!optimizers.owners.has(key)) optimizers.add(key, staticOwners(model, optimizer, frame))
    return key
  }

  /** Gradients that a scaler was to scale are plain where the path has found it disabled since. */
  const heldBy = (optimizer: string, moment: Pick<AmpMoment, 'state' | 'facts'>): Gradients => {
    const held = gradientsOf(moment.state, optimizer)
    const scaler = scalerOf(moment.state, optimizer)
    return scaler !== undefined && isKnownEnabled(scaler, moment) === 'no' ? 'plain' : held
  }

  /** Changes the gradients of every optimizer; undefined leaves them, and so does what they are already. */
  const changeGradients = (
    state: AmpState,
    change: (optimizer: string, held: Gradients) => string | undefined,
  ): AmpState =>
    optimizers.all().reduce((at, optimizer) => {
      const name = cellName('gradients', optimizer)
      const to = change(optimizer, gradientsOf(at, optimizer))
      return to === undefined || to === at.cells.get(name)?.value ? at : setCell(at, name, to)
    }, state)

  return { model, survey, reach: createReach(model, optimizers), record, optimizerKey, heldBy, changeGradients }
}
