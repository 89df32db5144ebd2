/**
 * Loops that certainly evaluate and still record graphs: they run a model that has been put into evaluation mode, nothing
 * that they compute is backpropagated, and no `no_grad` is in force.
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { isBackpropagated, runsBackward } from './backpropagation.ts'
import { calledModule, eventOf } from './events.ts'
import { carriesGraph } from './graphs.ts'
import { type TrainingLoop, trainingLoops } from './loops.ts'
import { creationOf, isModule, isWithinModule, mayHold, moduleIdentity } from './modules.ts'
import { unenteredGradModes } from './unenteredGradModes.ts'
import { importsTrainer, methodCall } from './usage.ts'

export interface RecordedEvaluation {
  readonly loop: ast.For | ast.While
  /** The call of the model in it. */
  readonly forward: ast.Call
  /** `model.eval()`. */
  readonly eval: ast.Call
  /** The function that does nothing but evaluate. */
  readonly evaluator: ast.FunctionDef | undefined
}

export function recordedEvaluations(model: Model): readonly RecordedEvaluation[] {
  if (!importsTorch(model) || importsTrainer(model)) return []
  return trainingLoops(model).flatMap(loop => recordedEvaluation(model, loop) ?? [])
}

function recordedEvaluation(
  model: Model,
  { node, level, mode, role, events }: TrainingLoop,
): RecordedEvaluation | undefined {
  if (level !== 'batch' || mode === 'training' || role === 'benchmark' || role === 'warm-up') return undefined
  const forwards = events.filter(({ kind }) => kind === 'forward').map(({ call }) => call)
  const [forward] = forwards
  const evaluation = forward && lastEval(model, node, forward)
  if (!forward || !evaluation || isWithinModule(model, node)) return undefined
  if (forwards.some(call => carriesGraph(model, call) !== 'yes' || isBackpropagated(model, call))) return undefined
  if (!forwards.some(call => getsNewInput(model, call, node)) || forwards.some(call => isDetached(model, call)))
    return undefined
  if (usesGradients(model, node, 0) || isMeantUnrecorded(model, node)) return undefined
  if (forwards.some(call => isGivenAway(model, node, calledModule(call), 0))) return undefined
  return { loop: node, forward, eval: evaluation, evaluator: evaluatorAround(model, node) }
}

/** Models of other frameworks have `eval()`, too. */
function importsTorch(model: Model): boolean {
  const imported = [
    ...model.nodes('Import').flatMap(({ names }) => names.map(({ name }) => name)),
    ...model.nodes('ImportFrom').map(({ module }) => module),
  ].map(name => name.split('.')[0])
  return imported.includes('torch') && !imported.some(name => otherFrameworks.has(name ?? ''))
}

const otherFrameworks: ReadonlySet<string> = new Set([
  'jittor',
  'mindspore',
  'oneflow',
  'onnxruntime',
  'paddle',
  'tensorflow',
  'tensorrt',
])

/** The `eval()` of the same model that the last statement on its mode, or on that of the whole, above the loop makes. */
function lastEval(model: Model, loop: ast.Node, forward: ast.Call): ast.Call | undefined {
  const module = calledModule(forward)
  const identity = moduleIdentity(model, module)
  const scope = model.scope(loop)
  const modes = model.nodes('Call', scope.kind === 'Module' ? undefined : scope).filter(call => {
    const kind = call.end <= loop.start && model.scope(call) === scope ? eventOf(model, call)?.kind : undefined
    const receiver = methodCall(call)?.receiver
    return (kind === 'train' || kind === 'eval') && receiver && identity && mayHold(model, receiver, module)
  })
  const last = modes.at(-1)
  const receiver = last && eventOf(model, last)?.kind === 'eval' ? methodCall(last)?.receiver : undefined
  return receiver && moduleIdentity(model, receiver) === identity ? last : undefined
}

const depthLimit = 4

/** Does it ask for gradients, or hand the model to something that may? */
function usesGradients(model: Model, node: ast.Node, depth: number): boolean {
  if (
    model
      .nodes('Attribute', node)
      .some(({ attr }) => /^(?:grad|requires_grad_?|retain_grad|register_\w*hook)$/.test(attr))
  )
    return true
  if (model.nodes('Keyword', node).some(({ arg }) => arg === 'requires_grad')) return true
  return model.nodes('Call', node).some(call => {
    if (runsBackward(model, call)) return true
    const kind = eventOf(model, call)?.kind
    if (kind === 'step' || kind === 'zero_grad') return true
    const callee = model.callee(call)
    if (callee.kind === 'function') return depth < depthLimit && usesGradients(model, callee.node, depth + 1)
    return (
      callee.kind === 'unknown' &&
      kind === undefined &&
      /attack|advers|explain|saliency|cam\b|grad|optimi/i.test(model.text.slice(call.func.start, call.func.end))
    )
  })
}

/**
 * Does the loop call something from elsewhere that gets the model, or got it when it was made? `cam = GradCAM(model)` needs
 * gradients.
 */
function isGivenAway(model: Model, code: ast.Node, module: ast.Expression, depth: number): boolean {
  // A function may know the module by a name of its own: there any module counts.
  const holds = (call: ast.Call): boolean =>
    [...call.args, ...call.keywords.map(({ value }) => value)].some(
      argument => mayHold(model, argument, module) || (depth > 0 && isModule(model, argument) === 'yes'),
    )
  return model.nodes('Call', code).some(call => {
    const callee = model.callee(call)
    if (callee.kind === 'function') return depth < depthLimit && isGivenAway(model, callee.node, module, depth + 1)
    if (callee.kind === 'class' || eventOf(model, call)) return false
    if (callee.kind === 'symbol' && /^(?:builtins|torch)\./.test(callee.name)) return false
    return holds(call) || madeWithArguments(model, methodCall(call)?.receiver ?? call.func).some(holds)
  })
}

/** The calls that made an object from elsewhere; what a module's own code computes is no such object. */
function madeWithArguments(model: Model, object: ast.Expression): readonly ast.Call[] {
  if (object.kind !== 'Name' && object.kind !== 'Attribute') return []
  const creations = model.values(object).flatMap(value => creationOf(value) ?? [])
  return creations.filter(call => !isWithinModule(model, call) && eventOf(model, call) === undefined)
}

/** The same input again and again measures speed. */
function getsNewInput(model: Model, forward: ast.Call, loop: ast.Node): boolean {
  if (!model.loops(forward).some(each => each === loop)) return true
  const isInLoop = (node: ast.Node): boolean => encloses(loop, node)
  return [...forward.args, ...forward.keywords].some(
    argument =>
      model.nodes('Call', argument).length > 0 ||
      model.nodes('Name', argument).some(name => model.sources(name).some(isInLoop)),
  )
}

/** Whoever detaches what the model returns knows that it has a graph, and may need one inside the model. */
function isDetached(model: Model, forward: ast.Call): boolean {
  return model.nodes('Attribute').some(({ attr, value }) => {
    if (attr !== 'detach' && attr !== 'detach_') return false
    const names = model.nodes('Name', value)
    return names.some(name => model.sources(name).includes(forward)) || model.nodes('Call', value).includes(forward)
  })
}

/** `torch.no_grad()` on a line of its own is reported for itself; `volatile` is what there was before it. */
function isMeantUnrecorded(model: Model, loop: ast.Node): boolean {
  if (model.nodes('Keyword').some(({ arg }) => arg === 'volatile')) return true
  return unenteredGradModes(model).some(({ at }) => model.scope(at) === model.scope(loop))
}

/** The function around the loop, if nothing in it trains and every model that it runs is run in evaluation. */
function evaluatorAround(model: Model, loop: ast.Node): ast.FunctionDef | undefined {
  const scope = model.scope(loop)
  if (scope.kind !== 'FunctionDef' || scope.isAsync || usesGradients(model, scope, 0)) return undefined
  const calls = model.nodes('Call', scope)
  return calls.some(call => eventOf(model, call)?.kind === 'train' && call.end < loop.start) ? undefined : scope
}
