/**
 * Does a value carry the graph of a forward pass, and with it the activations? Yes only for what is computed from a call of
 * a module that has something to train, where gradients are recorded, by operations that are known.
 */
import { nodesRun } from '../semantic/followed.ts'
import type { Certainty, Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { namedParameters } from './architecture.ts'
import { isDetaching, returned } from './backpropagation.ts'
import { calledModule, eventOf } from './events.ts'
import { methodOf } from './moduleClasses.ts'
import { passedArguments } from './passedArguments.ts'
import { isRecorded } from './recording.ts'
import { remember } from './remember.ts'
import { isOptimized } from './trainedModels.ts'
import { methodCall } from './usage.ts'

export function carriesGraph(model: Model, expression: ast.Expression): Certainty {
  return carries(model, expression, 0)
}

/** Is a value computed from what a module returned, at least in part, with the graph still on it? */
export function comesFromModule(model: Model, expression: ast.Expression): boolean {
  return comesFrom(model, expression, 0)
}

const depthLimit = 12

function carries(model: Model, node: ast.Expression, depth: number): Certainty {
  if (depth > depthLimit) return 'unknown'
  const inner = (each: ast.Expression) => carries(model, each, depth + 1)
  switch (node.kind) {
    case 'Constant':
    case 'JoinedStr':
    case 'Compare':
    case 'Lambda':
      return 'no'
    case 'Name':
      return ofDefinitions(definitionsOf(model, node), source =>
        isLossIn(model, node, source) ? 'yes' : inner(source),
      )
    case 'BinOp':
      return either([inner(node.left), inner(node.right)])
    case 'UnaryOp':
      return node.op === 'not' ? 'no' : inner(node.operand)
    case 'IfExp':
      return both([inner(node.body), inner(node.orelse)])
    case 'NamedExpr':
      return inner(node.value)
    case 'Call':
      return ofCall(model, node, inner, depth)
    case 'Attribute':
      if (isDetaching(node)) return 'no'
      // What the models of Hugging Face return.
      return outputs.has(node.attr) && isForwardResult(model, node.value) ? 'yes' : 'unknown'
    default:
      return 'unknown'
  }
}

const outputs: ReadonlySet<string> = new Set(['loss', 'logits'])

interface Definitions {
  /** Values that the name has as a whole. */
  readonly whole: readonly ast.Expression[]
  readonly isComplete: boolean
}

function definitionsOf(model: Model, name: ast.Name): Definitions {
  const sources = model.sources(name)
  if (sources.length === 0) {
    const whole = passedArguments(model, name)
    return { whole, isComplete: whole.length > 0 }
  }
  const whole = sources.filter(source => isWhole(source) || isLossIn(model, name, source))
  return { whole, isComplete: whole.length === sources.length }
}

/** `loss` of `loss, logits = model(x, y)[:2]` and of `loss = model(x, y)[0]`. */
function isLossIn(model: Model, name: ast.Name, source: ast.Expression): boolean {
  if (!/loss$/i.test(name.id) || source.parent?.kind !== 'Assign') return false
  const result = source.kind === 'Subscript' ? source.value : source
  const isPart = source.kind === 'Subscript' || !isWhole(source)
  return isPart && isForwardResult(model, result)
}

function isWhole(source: ast.Expression): boolean {
  const { parent } = source
  if (parent?.kind === 'Assign') return parent.targets.every(target => target.kind === 'Name')
  return (
    parent?.kind === 'AugAssign' ||
    parent?.kind === 'AnnAssign' ||
    parent?.kind === 'NamedExpr' ||
    parent?.kind === 'Call' ||
    parent?.kind === 'Keyword'
  )
}

/** `loss = 0` is where a sum begins. */
function ofDefinitions({ whole, isComplete }: Definitions, inner: (node: ast.Expression) => Certainty): Certainty {
  if (!isComplete) return 'unknown'
  const isSum = whole.some(({ parent }) => parent?.kind === 'AugAssign')
  return both((isSum ? whole.filter(({ kind }) => kind !== 'Constant') : whole).map(inner))
}

function ofCall(model: Model, call: ast.Call, inner: (node: ast.Expression) => Certainty, depth: number): Certainty {
  if (isDetaching(call)) return 'no'
  const event = eventOf(model, call)
  if (event?.kind === 'forward') return isTrainable(model, calledModule(call)) ? isRecorded(model, call) : 'unknown'
  if (event?.kind === 'loss' || isCriterion(model, call))
    return call.args.some(argument => comesFrom(model, argument, depth + 1)) ? isRecorded(model, call) : 'unknown'
  const name = model.qualifiedName(call.func) ?? ''
  if (/^builtins\.(?:float|int|len|str|bool|range|round)$/.test(name)) return 'no'
  const [, operation] = /^torch\.(?:nn\.functional\.)?(\w+)$/.exec(name) ?? []
  if (operation !== undefined) return differentiable.has(operation) ? ofOperation(call.args, inner) : 'unknown'
  const callee = model.callee(call)
  if (callee.kind === 'function') return both(returned(model, callee.node).map(inner))
  const method = methodCall(call)
  return method && differentiable.has(method.method) ? inner(method.receiver) : 'unknown'
}

/** `torch.cat([a, b])`, `torch.mean(loss)`. */
function ofOperation(values: readonly ast.Expression[], inner: (node: ast.Expression) => Certainty): Certainty {
  const operands = values.flatMap(value => ('elements' in value ? value.elements : [value]))
  return operands.some(operand => inner(operand) === 'yes') ? 'yes' : 'unknown'
}

/** Operations, as functions and as methods, through which gradients flow back into what they are given. */
const differentiable: ReadonlySet<string> = new Set(
  (
    'abs add cat clamp clone contiguous cosine_similarity cpu cuda div double exp flatten float gather log log_softmax mean mm mul ' +
    'norm permute pow relu reshape sigmoid softmax softplus sqrt square squeeze stack sub sum tanh to transpose unsqueeze view'
  ).split(' '),
)

/** A criterion from elsewhere is known by its name: `criterion(output, target)`, `self.loss_fn(output, target)`. */
function isCriterion(model: Model, call: ast.Call): boolean {
  const { func } = call
  const name = func.kind === 'Name' ? func.id : func.kind === 'Attribute' ? func.attr : ''
  return (
    /^(?:criterion|loss_fn|loss_func|loss_function|loss_criterion)$/i.test(name) &&
    model.callee(call).kind !== 'function'
  )
}

function comesFrom(model: Model, node: ast.Expression, depth: number): boolean {
  if (depth > depthLimit || isDetaching(node)) return false
  const inner = (each: ast.Expression) => comesFrom(model, each, depth + 1)
  switch (node.kind) {
    case 'Name': {
      const sources = model.sources(node)
      const values = sources.length > 0 ? sources : passedArguments(model, node)
      return values.length > 0 && values.every(value => value.parent?.kind !== 'For' && inner(value))
    }
    case 'Call':
      return carries(model, node, depth + 1) === 'yes' || (isTensorMethod(node) && inner(node.func))
    case 'Attribute':
    case 'Subscript':
      return inner(node.value)
    case 'BinOp':
      return inner(node.left) || inner(node.right)
    default:
      return 'elements' in node && node.elements.some(inner)
  }
}

const isTensorMethod = (call: ast.Call): boolean => differentiable.has(methodCall(call)?.method ?? '')

function isForwardResult(model: Model, node: ast.Expression): boolean {
  if (node.kind === 'Call') return carries(model, node, 0) === 'yes' && eventOf(model, node)?.kind === 'forward'
  if (node.kind !== 'Name') return false
  const sources = model.sources(node)
  return (
    sources.length > 0 &&
    sources.every(source => source.kind === 'Call' && isWhole(source) && isForwardResult(model, source))
  )
}

/** Does the module have parameters that require gradients? A script that freezes something trains what it optimizes. */
function isTrainable(model: Model, module: ast.Expression): boolean {
  if (freezes(model) && !isOptimized(model, module)) return false
  return model.values(module).every(value => {
    if (value.kind !== 'instance') return true
    const parameters = value.creation && namedParameters(model, value.creation)
    if (parameters && parameters.length === 0) return false
    const forward = typeof value.of === 'string' ? undefined : methodOf(value.of, 'forward')
    return forward === undefined || forward.decorators.length === 0
  })
}

/** `requires_grad_(False)`, `p.requires_grad = False`, and whatever is not certainly True. */
const freezes = remember(
  (model: Model): boolean =>
    nodesRun(model, 'Attribute').some(node => node.attr === 'requires_grad_' && !isSwitchedOn(model, node.parent)) ||
    nodesRun(model, 'Assign').some(
      ({ targets, value }) =>
        model.constant(value) !== true &&
        targets.some(target => target.kind === 'Attribute' && target.attr === 'requires_grad'),
    ),
)

/** `requires_grad_()`, `requires_grad_(True)`. */
function isSwitchedOn(model: Model, call: ast.Node | undefined): boolean {
  if (call?.kind !== 'Call') return false
  const given = [...call.args, ...call.keywords.map(({ value }) => value)]
  return given.every(value => model.constant(value) === true)
}

function both(answers: readonly Certainty[]): Certainty {
  const [first, ...others] = answers
  return first !== undefined && others.every(answer => answer === first) ? first : 'unknown'
}

function either(answers: readonly Certainty[]): Certainty {
  if (answers.includes('yes')) return 'yes'
  return answers.includes('unknown') ? 'unknown' : 'no'
}
