/**
 * The loops that train and evaluate, with what happens in them in the order in which it runs. Calls of the file's own
 * functions count where they are made, so the epoch loop of
 *
 *     for epoch in range(epochs):
 *         train(model, loader)        train() has the batch loop
 *         scheduler.step()
 *
 * is one that holds a batch loop.
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { eventOf, type TrainingEvent } from './events.ts'
import { iterationsOf } from './iterations.ts'
import { isWithinModule } from './modules.ts'
import { textOf } from './names.ts'
import { remember } from './remember.ts'

export interface TrainingLoop {
  readonly node: ast.For | ast.While
  /** A batch loop runs the model; an epoch loop holds batch loops, itself or through the functions that it calls. */
  readonly level: 'epoch' | 'batch' | 'other'
  readonly mode: 'training' | 'evaluation' | 'unknown'
  /** What it is for, as its surroundings show it. */
  readonly role: 'training' | 'evaluation' | 'warm-up' | 'benchmark' | 'inference' | 'unknown'
  /** How often it runs each time, where its range is written out. */
  readonly iterations: number | undefined
  /** Of this loop, not of the loops in it; in the order in which they run. */
  readonly events: readonly LoopEvent[]
}

export interface LoopEvent extends TrainingEvent {
  /** The calls of the file's own functions that lead to it, the loop's own first. */
  readonly through: readonly ast.Call[]
}

export const trainingLoops = remember((model: Model): readonly TrainingLoop[] => {
  const loops = [...model.nodes('For'), ...model.nodes('While')].sort((a, b) => a.start - b.start)
  const contents = new Map(loops.map(loop => [loop, contentsOf(model, loop)]))
  const described = loops.map(node => describeLoop(model, node, contents))
  return described.filter(loop => loop !== undefined)
})

/** What a loop, or a function, does itself, and the loops that it starts. */
interface Contents {
  readonly events: readonly LoopEvent[]
  readonly loops: readonly (ast.For | ast.While)[]
}

const depthLimit = 4

function contentsOf(
  model: Model,
  node: ast.For | ast.While | ast.FunctionLike,
  active: readonly ast.Node[] = [],
): Contents {
  const inside = (other: ast.Node) => other !== node && innermost(model, other, node)
  const loops = [...model.nodes('For', node), ...model.nodes('While', node)].filter(inside)
  const events: LoopEvent[] = []
  const started = [...loops]
  // The arguments of a call run before it: the order of their ends is the order in which calls run.
  const calls = model
    .nodes('Call', node)
    .filter(inside)
    .sort((a, b) => a.end - b.end)
  for (const call of calls) {
    const event = eventOf(model, call)
    if (event) events.push({ ...event, through: [] })
    const callee = model.callee(call)
    if (event || callee.kind !== 'function' || active.length > depthLimit || active.includes(callee.node)) continue
    const called = contentsOf(model, callee.node, [...active, callee.node])
    events.push(...called.events.map(each => ({ ...each, through: [call, ...each.through] })))
    started.push(...called.loops)
  }
  return { events, loops: started }
}

/** Is `outer` the innermost loop around a node, or the function that it stands in outside of loops? */
function innermost(model: Model, node: ast.Node, outer: ast.For | ast.While | ast.FunctionLike): boolean {
  const isLoop = outer.kind === 'For' || outer.kind === 'While'
  const [loop] = model.loops(node)
  if (isLoop) return loop === outer && model.scope(node) === model.scope(outer)
  return loop === undefined && model.scope(node) === outer
}

function describeLoop(
  model: Model,
  node: ast.For | ast.While,
  contents: ReadonlyMap<ast.Node, Contents>,
): TrainingLoop | undefined {
  const own = contents.get(node) ?? { events: [], loops: [] }
  const inner = own.loops.map(loop => contents.get(loop) ?? { events: [], loops: [] })
  const isBatch = runsModel(own)
  const isEpoch = !isBatch && inner.some(runsModel)
  if (!isBatch && !isEpoch && own.events.length === 0) return undefined
  const all = [own, ...(isEpoch ? inner : [])].flatMap(({ events }) => events)
  const mode = modeOf(model, node, all)
  // A loop over layers in a module's own code is no training loop.
  if (mode === 'unknown' && isWithinModule(model, node)) return undefined
  const level = isBatch ? 'batch' : isEpoch ? 'epoch' : 'other'
  return {
    node,
    level,
    mode,
    role: roleOf(model, node, mode, all),
    iterations: iterationsOf(model, node),
    events: own.events,
  }
}

/** A loop over numbers that is timed measures speed; one that scores what comes out evaluates. */
function roleOf(
  model: Model,
  node: ast.For | ast.While,
  mode: TrainingLoop['mode'],
  events: readonly TrainingEvent[],
): TrainingLoop['role'] {
  const head = model.text.slice(node.start, node.kind === 'For' ? node.iter.end : node.test.end)
  // `range(warmup_epochs)` around a training is its first part.
  if (mode !== 'training' && /warm/i.test(head)) return 'warm-up'
  if (/bench|repeat|n_?runs|num_?runs|trials/i.test(head) && isTimed(model, node)) return 'benchmark'
  if (mode !== 'evaluation') return mode
  if (events.some(({ kind }) => kind === 'loss')) return 'evaluation'
  const scores = model
    .nodes('Call', node)
    .some(call => /loss|criterion|metric|acc|eq\b|correct/i.test(textOf(model, call.func)))
  return scores || model.nodes('Compare', node).some(({ ops }) => ops.includes('==')) ? 'evaluation' : 'inference'
}

const clocks = ['time.time', 'time.perf_counter', 'time.monotonic', 'timeit.default_timer', 'torch.cuda.Event']

function isTimed(model: Model, node: ast.Node): boolean {
  const scope = model.scope(node)
  return model.calls(clocks, scope.kind === 'Module' ? undefined : scope).length > 0
}

function runsModel({ events }: Contents): boolean {
  return events.some(({ kind }) => kind === 'forward' || kind === 'backward')
}

function modeOf(model: Model, node: ast.For | ast.While, events: readonly TrainingEvent[]): TrainingLoop['mode'] {
  if (isTraining(events)) return 'training'
  const [first] = events
  if (!first) return 'unknown'
  const mode = lastMode(model, node)
  if (mode === 'eval' || isGradientFree(model, node) || isGradientFree(model, first.call)) return 'evaluation'
  return mode === 'train' ? 'training' : 'unknown'
}

function isTraining(events: readonly TrainingEvent[]): boolean {
  return events.some(({ kind }) => kind === 'backward' || kind === 'step')
}

const gradientFree = new Set(['torch.no_grad', 'torch.inference_mode'])

/** Is a node in the scope of a `no_grad` or `inference_mode` of its function? */
export function isGradientFree(model: Model, node: ast.Node): boolean {
  return model.contexts(node).some(context => {
    const callee = context.kind === 'Call' ? context.func : context
    return gradientFree.has(model.qualifiedName(callee) ?? '')
  })
}

/** The mode that the statements above a loop leave the model in. */
function lastMode(model: Model, node: ast.For | ast.While): 'train' | 'eval' | undefined {
  const scope = model.scope(node)
  const modes = model
    .nodes('Call', scope.kind === 'Module' ? undefined : scope)
    .filter(call => call.end <= node.start && model.scope(call) === scope)
    .flatMap(call => eventOf(model, call) ?? [])
    .filter(({ kind }) => kind === 'train' || kind === 'eval')
  const last = modes.at(-1)?.kind
  return last === 'train' || last === 'eval' ? last : undefined
}
