/** Graphs that are backpropagated twice, or after the parameters that they need have changed. */
import type { Moment } from '../../semantic/explore.ts'
import { type Frame, objectKey } from '../../semantic/frames.ts'
import type { Certainty, Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { setCell } from '../cells.ts'
import { remember } from '../remember.ts'
import { runsWhenever } from './branches.ts'
import type { Condition } from './conditions.ts'
import { gradientEvents } from './events.ts'
import { overlaps } from './flow.ts'
import { build, changedCell, graphOf, nodeCell } from './graphs.ts'
import type { GradientState, GradientStep, GradientSurvey } from './survey.ts'

/** A loss is backpropagated: its graphs are freed, unless the pass retains them. */
export function backpropagate(
  model: Model,
  before: GradientState,
  step: GradientStep,
  retains: Certainty,
  moment: Moment<GradientState>,
  survey: GradientSurvey,
): GradientState {
  const { forwards, added } = graphOf(model, step.object, moment)
  const state = build(before, added)
  const used = [...forwards].flatMap(forward => state.cells.get(nodeCell(forward)) ?? [])
  const first = used.find(({ value }) => value === 'freed')?.step
  const changed = [...forwards].find(forward => state.cells.has(changedCell(forward)))
  const change = changed === undefined ? undefined : state.cells.get(changedCell(changed))?.step
  if (first && runsWhenever(first.call, step.call))
    survey.report({ rule: 'loop/graph-freed', at: step, optimizer: undefined, related: [first] })
  else if (!first && change && runsWhenever(change.call, step.call))
    survey.report({
      rule: 'loop/step-between-backwards',
      at: change,
      optimizer: change.object,
      related: [step],
      forward: callsByEnd(model).get(Number(changed)),
    })
  return [...forwards].reduce((at, forward) => {
    const isFreed = at.cells.get(nodeCell(forward))?.value === 'freed'
    return isFreed ? at : setCell(at, nodeCell(forward), retains === 'no' ? 'freed' : 'kept')
  }, state)
}

/** A step has changed the weights that the graphs of its modules have saved for their backward passes. */
export function changeParameters(
  model: Model,
  state: GradientState,
  owners: ReadonlySet<string> | undefined,
  frame: Frame,
): GradientState {
  if (!owners) return state
  let next = state
  for (const [name, { value }] of state.cells) {
    if (!name.startsWith('node|') || value === 'freed') continue
    const forward = name.slice('node|'.length)
    const call = callsByEnd(model).get(Number(forward))
    const key = call && objectKey(model, call.func, frame)
    const isOwn = key !== undefined && [...owners].some(owner => overlaps(owner, key))
    if (call && isOwn && savesWeights(model, call.func)) next = setCell(next, changedCell(forward), 'changed')
  }
  return next
}

const callsByEnd = remember(
  (model: Model): ReadonlyMap<number, ast.Call> => new Map(model.nodes('Call').map(call => [call.end, call])),
)

/** Does the backward pass of the module read its weights? That of every layer but the first does. */
function savesWeights(model: Model, module: ast.Expression): boolean {
  return model.values(module).every(value => {
    if (value.kind !== 'instance') return false
    const code =
      typeof value.of === 'string' ? (value.of === 'torch.nn.Sequential' ? value.creation : undefined) : value.of
    return code !== undefined && model.calls(weighted, code).length > 1
  })
}

const weighted = ['Linear', 'Conv1d', 'Conv2d', 'Conv3d', 'ConvTranspose2d'].map(name => `torch.nn.${name}`)

/** Were the gradients that a step uses computed in this iteration? */
export const isFresh = (held: Condition): boolean => held === 'fresh' || held === 'partial' || held === 'mixed'

/**
 * Could a graph be used twice, or a step come in before its use? Not where the one backward pass comes before every step
 * and in their loop, as in most scripts.
 */
export const reusesGraphs = remember((model: Model): boolean => {
  const calls = (kind: 'backward' | 'step'): readonly ast.Call[] =>
    [...gradientEvents(model)].flatMap(([call, event]) => (event.kind === kind ? [call] : []))
  const [only, ...others] = calls('backward')
  if (!only || others.length > 0) return true
  const [loop] = model.loops(only)
  return calls('step').some(
    step => step.start < only.start || (loop !== undefined && !model.loops(step).includes(loop)),
  )
})
