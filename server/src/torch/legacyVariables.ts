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
    return [{ call, volatile, tensor, isPlain: tensor !== undefined && isData(model, tensor, 0), requiresGrad }]
  })
}

/** What a loop gives, what `torch` makes of numbers, and what is done to those without a gradient. */
function isData(model: Model, expression: ast.Expression, depth: number): boolean {
  if (depth > depthLimit) return false
  const inner = (node: ast.Expression) => isData(model, node, depth + 1)
  if (expression.kind === 'Attribute') return expression.attr === 'data'
  if (expression.kind === 'Subscript') return inner(expression.value)
  if (expression.kind === 'UnaryOp') return inner(expression.operand)
  if (expression.kind === 'BinOp') return inner(expression.left) && inner(expression.right)
  if (expression.kind === 'Constant') return true
  if (expression.kind === 'Name') {
    const sources = model.sources(expression)
    return sources.length > 0 && sources.every(source => source.parent?.kind === 'For' || inner(source))
  }
  if (expression.kind !== 'Call') return false
  if (factories.test(model.qualifiedName(expression.func) ?? ''))
    return !expression.keywords.some(({ arg }) => arg === undefined || arg === 'requires_grad')
  if (model.calls(variableNames, expression).includes(expression))
    return expression.keywords.length === 0 && expression.args.every(inner)
  const method = methodCall(expression)
  if (!method) return false
  return method.method === 'detach' || (conversions.has(method.method) && inner(method.receiver))
}

const depthLimit = 8

const factories =
  /^torch\.(?:(?:cuda\.)?\w*Tensor|arange|empty|eye|from_numpy|full|linspace|ones|rand|randint|randn|randperm|tensor|zeros)$/

const conversions: ReadonlySet<string> = new Set(
  (
    'bool byte clone contiguous cpu cuda double fill_ float half int long normal_ permute random_ reshape ' +
    'squeeze t to transpose type uniform_ unsqueeze view zero_'
  ).split(' '),
)
