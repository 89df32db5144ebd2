/** What a path's own knowledge of a scaler says of branches: whether there is one, and whether training uses it. */
import type { Machine } from '../../semantic/explore.ts'
import { type Frame, objectKey } from '../../semantic/frames.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { setCell } from '../cells.ts'
import { type AmpState, cellName } from './cells.ts'
import { askedScaler, isEnabled, modeSwitch, switchKey } from './enabled.ts'
import { skip } from './skipped.ts'
import { isHeld } from './state.ts'

export function createChoices(model: Model): Required<Pick<Machine<AmpState>, 'decide' | 'enter'>> {
  /** What a branch on `scaler is not None` decides where the path knows that there is a scaler. */
  const heldScaler = (branch: ast.If | ast.IfExp, state: AmpState, frame: Frame): boolean | undefined => {
    const asked = askedScaler(model, branch.test)
    const key = asked && objectKey(model, asked.scaler, frame)
    return key !== undefined && isHeld(state, key) ? asked?.isHeld : undefined
  }

  return {
    decide: (branch, { state, frame }) => {
      const held = heldScaler(branch, state, frame)
      if (held !== undefined) return held
      const mode = modeSwitch(model, branch)
      const key = mode && switchKey(model, mode, frame)
      const known = key && state.cells.get(cellName('mode', key))?.value
      return known ? (known === 'on') === mode.on : undefined
    },
    enter: (branch, taken, moment) => {
      const { frame } = moment
      const state = skip(model, moment.state, branch, taken)
      if (heldScaler(branch, state, frame) !== undefined) return state
      const mode = modeSwitch(model, branch)
      const key = mode && switchKey(model, mode, frame)
      if (!key) return state
      const isOn = taken === mode.on
      if (!isOn && !mode.isTwoSided && isEnabled(model, mode.scaler, key, moment) === 'yes') return state
      return setCell(state, cellName('mode', key), isOn ? 'on' : 'off')
    },
  }
}
