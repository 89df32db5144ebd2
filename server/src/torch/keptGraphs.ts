/**
 * Tensors that a loop keeps together with their graphs: added to a total, or stored, in something that outlives the
 * iteration and is not backpropagated itself.
 *
 *     total = 0
 *     for x, y in loader:
 *         loss = criterion(model(x), y)
 *         total += loss                    each iteration's graph hangs on total
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isBackpropagated, runsBackward } from './backpropagation.ts'
import { computationOf } from './computation.ts'
import { eventOf } from './events.ts'
import { carriesGraph } from './graphs.ts'
import { type Keeping, keepings } from './keepings.ts'
import { type TrainingLoop, trainingLoops } from './loops.ts'
import { isWithinModule } from './modules.ts'
import { functionAround } from './recording.ts'
import { remember } from './remember.ts'

export interface KeptGraph extends Keeping {
  readonly loop: ast.For | ast.While
  /** A backward pass in the loop frees the activations; the nodes of the graph stay. */
  readonly isFreed: boolean
}

export const keptGraphs = remember((model: Model): readonly KeptGraph[] => {
  const batchLoops = trainingLoops(model).filter(({ level }) => level === 'batch')
  if (batchLoops.length === 0) return []
  return keepings(model).flatMap(keeping => kept(model, keeping, batchLoops) ?? [])
})

function kept(model: Model, keeping: Keeping, batchLoops: readonly TrainingLoop[]): KeptGraph | undefined {
  const { value, statement } = keeping
  const loop = loopAround(model, statement, 0)
  if (!loop || !batchLoops.some(({ node }) => node === loop) || isWithinModule(model, statement)) return undefined
  if (!keeping.outlives(loop) || isBackpropagated(model, value) || carriesGraph(model, value) !== 'yes')
    return undefined
  const forwards = computationOf(model, value).calls.filter(call => eventOf(model, call)?.kind === 'forward')
  if (!forwards.some(call => runsIn(model, call, loop, 0)) || forwards.some(call => isRecurrent(model, call)))
    return undefined
  const isUsedForTraining = forwards.some(call => isBackpropagated(model, call))
  const isFreed = isUsedForTraining && runsBackwardIn(model, loop, 0)
  if (!isFreed && (isUsedForTraining || mayLeave(model, keeping))) return undefined
  return { ...keeping, loop, isFreed }
}

/** Is it given what it returned in the iteration before? Then that iteration's graph is kept by this one's: `h = rnn(x, h)`. */
function isRecurrent(model: Model, forward: ast.Call): boolean {
  const given = [...forward.args, ...forward.keywords.map(({ value }) => value)]
  return given.some(argument => computationOf(model, argument).calls.includes(forward))
}

const depthLimit = 4

/** The innermost loop that runs a node again and again, also around calls of its function. */
function loopAround(model: Model, node: ast.Node, depth: number): ast.For | ast.While | undefined {
  const [loop] = model.loops(node)
  const code = functionAround(node)
  if (loop || !code || depth > depthLimit) return loop
  for (const site of model.callSites(code) ?? []) {
    const around = loopAround(model, site, depth + 1)
    if (around) return around
  }
  return undefined
}

/** Does the call run in each iteration: in the loop itself, or in a function that the loop calls? */
function runsIn(model: Model, call: ast.Node, loop: ast.For | ast.While, depth: number): boolean {
  if (model.loops(call).includes(loop)) return true
  const code = functionAround(call)
  if (!code || depth > depthLimit) return false
  return (model.callSites(code) ?? []).some(site => runsIn(model, site, loop, depth + 1))
}

function runsBackwardIn(model: Model, node: ast.Node, depth: number): boolean {
  return model.nodes('Call', node).some(call => {
    if (runsBackward(model, call)) return true
    const callee = model.callee(call)
    return callee.kind === 'function' && depth < depthLimit && runsBackwardIn(model, callee.node, depth + 1)
  })
}

/**
 * Whoever calls a function that nobody in the file calls may switch gradients off around it, and backpropagate what it
 * returns. A function that evaluates does what there is to do itself.
 */
function mayLeave(model: Model, { statement }: Keeping): boolean {
  const code = functionAround(statement)
  if (code?.kind !== 'FunctionDef' || (model.callSites(code) ?? []).length > 0) return false
  return !model.nodes('Call', code).some(call => eventOf(model, call)?.kind === 'eval')
}
