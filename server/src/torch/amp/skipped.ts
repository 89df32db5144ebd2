/**
 * Steps that a path has stepped over. Where two branches on different tests step two optimizers, the script means one of
 * them to be taken, even if nothing says so:
 *
 *     if not freeze_backbone:
 *         scaler.step(backbone_optimizer)
 *     if not freeze_head:
 *         scaler.step(head_optimizer)
 *     scaler.update()
 */
import type { Model } from '../../semantic/model.ts'
import { createRelevance, type Relevance } from '../../semantic/relevance.ts'
import type * as ast from '../../syntax/ast.ts'
import { setCell } from '../cells.ts'
import { remember } from '../remember.ts'
import { type AmpState, cellName } from './cells.ts'
import { ampEvents } from './events.ts'

export function skip(model: Model, state: AmpState, branch: ast.If | ast.IfExp, taken: boolean): AmpState {
  if (branch.kind === 'IfExp') return state
  const [entered, left] = taken ? [branch.body, branch.orelse] : [branch.orelse, branch.body]
  const steps = stepping(model)
  if (!left.some(steps) || entered.some(steps)) return state
  const test = model.textOf(branch.test)
  const known = state.cells.get(name)?.value
  return setCell(state, name, known === undefined || known === test ? test : several)
}

/** Has the path stepped over steps in branches on different tests? */
export const hasSkippedSeveral = (state: AmpState): boolean => state.cells.get(name)?.value === several

export const isSkipCell = (cell: string): boolean => cell === name

const name = cellName('skipped')
const several = '?'

/** Does a statement step or unscale through a scaler, itself or in a function that it calls? */
const stepping = remember((model: Model): Relevance['containsEvent'] => {
  const isStep = (call: ast.Call): boolean => {
    const kind = ampEvents(model).get(call)?.kind
    return kind === 'step' || kind === 'unscale'
  }
  return createRelevance(model, isStep).containsEvent
})
