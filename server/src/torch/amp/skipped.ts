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
import type * as ast from '../../syntax/ast.ts'
import { children } from '../../syntax/walk.ts'
import { setCell } from '../cells.ts'
import { remember } from '../remember.ts'
import { type AmpState, cellName } from './cells.ts'
import { ampEvents } from './events.ts'

export function skip(model: Model, state: AmpState, branch: ast.If | ast.IfExp, taken: boolean): AmpState {
  if (branch.kind === 'IfExp') return state
  const [entered, left] = taken ? [branch.body, branch.orelse] : [branch.orelse, branch.body]
  const steps = holders(model)
  if (!left.some(statement => steps.has(statement)) || entered.some(statement => steps.has(statement))) return state
  const test = model.textOf(branch.test)
  const known = state.cells.get(name)?.value
  return setCell(state, name, known === undefined || known === test ? test : several)
}

/** Has the path stepped over steps in branches on different tests? */
export const hasSkippedSeveral = (state: AmpState): boolean => state.cells.get(name)?.value === several

export const isSkipCell = (cell: string): boolean => cell === name

const name = cellName('skipped')
const several = '?'

/** Every node that steps or unscales through a scaler, itself or in a function of the file that it calls. */
const holders = remember((model: Model): ReadonlySet<ast.Node> => {
  const holding = new Set<ast.Node>()
  const seen = new Set<ast.FunctionLike>()
  const visit = (node: ast.Node): boolean => {
    const within = children(node).map(visit).includes(true)
    const isHolding = within || (node.kind === 'Call' && isStep(node))
    if (isHolding) holding.add(node)
    return isHolding && node.kind !== 'FunctionDef' && node.kind !== 'ClassDef'
  }
  const isStep = (call: ast.Call): boolean => {
    const kind = ampEvents(model).get(call)?.kind
    if (kind === 'step' || kind === 'unscale') return true
    const callee = model.callee(call)
    if (callee.kind !== 'function') return false
    if (!seen.has(callee.node)) {
      seen.add(callee.node)
      visit(callee.node)
    }
    return holding.has(callee.node)
  }
  model.module.body.forEach(visit)
  return holding
})
