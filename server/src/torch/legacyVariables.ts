/** `torch.autograd.Variable(…)`, which since PyTorch 0.4 gives a tensor: `tensor.detach()`, or what `requires_grad` asks for. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isProbe } from './probes.ts'
import { methodCall } from './usage.ts'

export interface LegacyVariable {
  readonly call: ast.Call
  /** The `volatile=…` that has no effect any more. */
  readonly volatile: ast.Keyword | undefined
  /** What is wrapped; undefined if the call passes more than this and `requires_grad`. */
  readonly tensor: ast.Expression | undefined
  /** The tensor has no graph, so that it need not be detached. */
  readonly isPlain: boolean
  readonly requiresGrad: ast.Expression | undefined
}

export const variableNames: readonly string[] = ['torch.autograd.Variable', 'torch.autograd.variable.Variable']

export function legacyVariables(model: Model): readonly LegacyVariable[] {
  return model.calls(variableNames).flatMap(call => {
    if (isProbe(model, call)) return []
    const volatile = call.keywords.find(({ arg }) => arg === 'volatile')
    const requiresGrad = call.keywords.find(({ arg }) => arg === 'requires_grad')?.value
    const [first, ...others] = call.args
    const isKnown = others.length === 0 && call.keywords.every(({ arg }) => arg === 'requires_grad')
    const tensor = isKnown && first?.kind !== 'Starred' ? first : undefined
    const isPlain =
      tensor !== undefined &&
      (isDetached(call) || isData(model, tensor, 0)) &&
      (requiresGrad === undefined || !isHeld(call, tensor))
    return [{ call, volatile, tensor, isPlain, requiresGrad }]
  })
}

/** `Variable(x).detach()` and `Variable(x).data` do it themselves. */
function isDetached({ parent }: ast.Call): boolean {
  return parent?.kind === 'Attribute' && (parent.attr === 'detach' || parent.attr === 'data')
}

/**
 * May the tensor itself be used again, so that asking it for a gradient would be noticed elsewhere? `x.cuda()` may be `x`;
 * `x = Variable(x)` leaves nothing to use.
 */
function isHeld(call: ast.Call, tensor: ast.Expression): boolean {
  if (tensor.kind === 'Call') {
    const { receiver, method } = methodCall(tensor) ?? {}
    return receiver !== undefined && aliasing.has(method ?? '') && isHeld(call, receiver)
  }
  if (tensor.kind === 'Attribute') return tensor.attr !== 'data'
  if (tensor.kind !== 'Name') return tensor.kind === 'Subscript'
  const [target, ...others] = call.parent?.kind === 'Assign' ? call.parent.targets : []
  return target?.kind !== 'Name' || target.id !== tensor.id || others.length > 0
}

/** Methods that may return the tensor itself. */
const aliasing: ReadonlySet<string> = new Set('contiguous cpu cuda double float half to type'.split(' '))

/** What a loop over data gives, what `torch` makes of numbers, and what is done to those without a gradient. */
function isData(model: Model, expression: ast.Expression, depth: number): boolean {
  if (depth > depthLimit) return false
  const inner = (node: ast.Expression) => isData(model, node, depth + 1)
  if (expression.kind === 'Attribute') return expression.attr === 'data'
  if (expression.kind === 'Subscript') return inner(expression.value)
  if (expression.kind === 'UnaryOp') return inner(expression.operand)
  if (expression.kind === 'BinOp') return inner(expression.left) && inner(expression.right)
  if (expression.kind === 'Constant') return true
  if (expression.kind === 'Name') {
    const isVisible = model.bindings(expression)?.every(({ kind }) => kind === 'value') ?? false
    return isVisible && model.sources(expression).every(source => isBatch(model, source) || inner(source))
  }
  if (expression.kind !== 'Call') return false
  if (isFactory(model, expression.func))
    return !expression.keywords.some(({ arg }) => arg === undefined || arg === 'requires_grad')
  if (model.calls(variableNames, expression).includes(expression))
    return expression.keywords.length === 0 && expression.args.every(inner)
  const method = methodCall(expression)
  if (!method) return false
  if (method.method === 'detach' || emptyMethods.test(method.method)) return true
  return conversions.has(method.method) && inner(method.receiver)
}

/** Does a loop take it from a loader, a data set or numbers? A loop over parameters or outputs gives tensors with a graph. */
function isBatch(model: Model, source: ast.Expression): boolean {
  if (source.parent?.kind !== 'For' || source.parent.iter !== source) return false
  return [...model.nodes('Name', source), ...model.nodes('Attribute', source)].some(node =>
    batches.test(node.kind === 'Name' ? node.id : node.attr),
  )
}

const batches = /data|loader|range|(?:train|test|val)_?set/i

/** `Tensor = torch.cuda.FloatTensor if cuda else torch.FloatTensor` is one too. */
function isFactory(model: Model, func: ast.Expression): boolean {
  const name = model.qualifiedName(func)
  if (name !== undefined) return factories.test(name)
  if (func.kind === 'IfExp') return isFactory(model, func.body) && isFactory(model, func.orelse)
  if (func.kind !== 'Name') return false
  const sources = model.sources(func)
  return sources.length > 0 && sources.every(source => source.kind === 'IfExp' && isFactory(model, source))
}

const depthLimit = 8

const factories =
  /^torch\.(?:(?:cuda\.)?\w*Tensor|arange|eye|from_numpy|(?:empty|full|ones|rand|randint|randn|zeros)(?:_like)?|linspace|randperm|tensor)$/

/** `x.new(3)`, `x.new_zeros(3)`: a tensor of `x`'s type with a memory of its own. */
const emptyMethods = /^new(?:_(?:empty|full|ones|tensor|zeros))?$/

const conversions: ReadonlySet<string> = new Set(
  (
    'bool byte clone contiguous cpu cuda double fill_ float half int long normal_ permute random_ reshape ' +
    'squeeze t to transpose type uniform_ unsqueeze view zero_'
  ).split(' '),
)
