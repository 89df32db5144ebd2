/** Carries the protocol of protocol.ts along the paths that semantic/explore.ts finds. */
import type { Machine } from '../../semantic/explore.ts'
import { objectKey } from '../../semantic/frames.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { dropCells, mapCells, setCell } from '../cells.ts'
import { ownersOf } from '../gradients/flow.ts'
import { mentions } from '../gradients/slice.ts'
import { optimizersRun } from '../optimizers.ts'
import { isScaler } from '../scalers.ts'
import {
  type AmpState,
  cellName,
  createAmpKey,
  forgetGradients,
  forgetObject,
  forgetProtocol,
  initialState,
} from './cells.ts'
import { createChoices } from './choices.ts'
import { type AmpMoment, createContext, type Handlers } from './context.ts'
import { enabledBy, scalerCreation } from './enabled.ts'
import { ampEvents, type CertainEvent } from './events.ts'
import { gradientHandlers } from './gradientCalls.ts'
import { eventOn } from './passed.ts'
import { type Stage, stages } from './protocol.ts'
import { scalerHandlers } from './scalerCalls.ts'
import { scalingOf } from './scaling.ts'
import { lossNames } from './slice.ts'
import { reset } from './state.ts'
import type { Survey } from './survey.ts'

export function createAmpMachine(model: Model, survey: Survey): Machine<AmpState> {
  const events = ampEvents(model)
  const { optimizers } = survey
  const creations = new Map(optimizersRun(model).map(creation => [creation.call, creation]))
  const context = createContext(model, survey)
  const handlers: Handlers<CertainEvent['kind']> = {
    creation: (_event, _call, { state }) => state,
    ...scalerHandlers(context),
    ...gradientHandlers(context),
  }

  return {
    initial: initialState,
    key: createAmpKey(),
    isEvent: call => events.has(call),
    call: (call, moment) => {
      const found = events.get(call)
      const event = found && eventOn(model, found, call, moment.frame)
      if (!event) return moment.state
      const handle = handlers[event.kind] as (event: CertainEvent, call: ast.Call, moment: AmpMoment) => AmpState
      return handle(event, call, moment)
    },
    assign: (target, value, moment) => {
      const { state, frame } = moment
      if (target.kind === 'Attribute' && target.attr === 'grad') return forgetGradients(state)
      const key = objectKey(model, target, frame)
      if (key === undefined) return state
      const creation = value && scalerCreation(model, value)
      if (creation)
        return reset(
          setCell(forgetObject(state, key), cellName('enabled', key), enabledBy(model, creation, frame)),
          key,
        )
      if (value?.kind === 'Constant' && value.type === 'None' && isScaler(model, target) === 'yes')
        return setCell(forgetObject(state, key), cellName('enabled', key), 'no')
      const optimizer = value?.kind === 'Call' ? creations.get(value) : undefined
      if (optimizer) {
        optimizers.add(key, ownersOf(model, optimizer, frame))
        return setCell(forgetObject(state, key), cellName('gradients', key), 'clear')
      }
      const isAlias = value !== undefined && objectKey(model, value, frame) === key
      const held = isAlias ? state : forgetProtocol(state, [key])
      if (!mentions(target, lossNames(model))) return held
      const loss = cellName('loss', key)
      const scaling = value ? scalingOf(model, value, moment) : 'plain'
      return scaling === 'plain' ? dropCells(held, name => name === loss) : setCell(held, loss, scaling)
    },
    iterate: state =>
      mapCells(
        state,
        name => name.startsWith('stage|'),
        value => stages.iterate[value as Stage].to,
      ),
    forget: forgetProtocol,
    ...createChoices(model),
    leave: (mark, state) => dropCells(state, name => name.startsWith('loss|') && name.includes(mark)),
  }
}
