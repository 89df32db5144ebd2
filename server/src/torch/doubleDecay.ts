/**
 * Squares of a model's parameters that are added to the loss although its optimizer decays them:
 *
 *     penalty = sum(p.pow(2).sum() for p in model.parameters())
 *     loss = criterion(model(x), y) + 1e-4 * penalty
 */
import type { Model, Place } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { backwardPasses } from './backward.ts'
import { computationOf } from './computation.ts'
import { visibleDefault } from './defaults.ts'
import { groupDisplays } from './groups.ts'
import { moduleIdentity } from './modules.ts'
import { type OptimizerCreation, optimizerCreations } from './optimizers.ts'
import { parameterSources } from './parameters.ts'
import { methodCall } from './usage.ts'
import { decayOf } from './weightDecay.ts'

export interface DoubleDecay {
  /** The penalty: the sum over the parameters, or the call that squares one of them in a loop. */
  readonly penalty: ast.Call
  readonly creation: OptimizerCreation
  /** The decay of the optimizer; undefined: its class's default. */
  readonly decay: ast.Expression | undefined
}

export function doubleDecays(model: Model): readonly DoubleDecay[] {
  const decaying = optimizerCreations(model).flatMap(creation => {
    const decay = decayOf(model, creation)
    return decay && creation.parameters && groupDisplays(model, creation.parameters).length === 0
      ? [{ creation, decay: decay.argument }]
      : []
  })
  if (decaying.length === 0) return []
  const penalties = penaltiesIn(model)
  if (penalties.length === 0) return []
  const computed = backwardPasses(model).map(({ loss }) => new Set(computationOf(model, loss).calls))
  return penalties.flatMap(({ square, module, whole }) => {
    if (!computed.some(calls => calls.has(square)) || isOptional(model, whole)) return []
    const identity = moduleIdentity(model, module)
    const found = decaying.find(({ creation }) => identity !== undefined && ownsAll(model, creation, identity))
    return found ? [{ penalty: whole, ...found }] : []
  })
}

/** Does the optimizer hold all parameters of the module? */
function ownsAll(model: Model, { parameters }: OptimizerCreation, identity: Place): boolean {
  const sources = parameters ? (parameterSources(model, parameters) ?? []) : []
  return sources.some(({ module, selection }) => module === identity && selection !== 'some')
}

interface Penalty {
  /** `p.pow(2)`. */
  readonly square: ast.Call
  /** The module whose parameters are squared. */
  readonly module: ast.Expression
  readonly whole: ast.Call
}

function penaltiesIn(model: Model): readonly Penalty[] {
  return model.nodes('Call').flatMap(square => {
    const parameter = squared(model, square)
    const source = parameter && sourceOf(model, parameter)
    const module = source && moduleOf(source.iter)
    if (!source || !module) return []
    const outer = source.node.parent
    return [{ square, module, whole: outer?.kind === 'Call' && source.node.kind !== 'For' ? outer : square }]
  })
}

/** The name whose squares a call sums or roots: `p.norm(2)`, `torch.norm(p)`, `p.pow(2)`, `(p ** 2).sum()`. */
function squared(model: Model, call: ast.Call): ast.Name | undefined {
  const name = model.qualifiedName(call.func) ?? ''
  const method = methodCall(call)
  const [operand, exponent] = functions.has(name) ? call.args : [method?.receiver, call.args[0]]
  const operation = functions.has(name) ? name.slice('torch.'.length) : method?.method
  const keyword = call.keywords.find(({ arg }) => arg === 'p' || arg === 'exponent')?.value
  const power = exponent ?? keyword
  if (operation === 'sum' && operand?.kind === 'BinOp') return squareOf(model, operand)
  if (operand?.kind !== 'Name') return undefined
  if (operation === 'square') return operand
  const isTwo = power !== undefined && model.constant(power) === 2
  if (operation === 'pow') return isTwo ? operand : undefined
  return operation === 'norm' && (isTwo || power === undefined) ? operand : undefined
}

const functions: ReadonlySet<string> = new Set(['torch.norm', 'torch.pow', 'torch.square'])

/** `p ** 2`, `p * p`. */
function squareOf(model: Model, { op, left, right }: ast.BinOp): ast.Name | undefined {
  if (left.kind !== 'Name') return undefined
  if (op === '**') return model.constant(right) === 2 ? left : undefined
  return op === '*' && right.kind === 'Name' && right.id === left.id ? left : undefined
}

/** The loop or comprehension that a name comes from, and what it iterates over. */
function sourceOf(
  model: Model,
  name: ast.Name,
): { readonly node: ast.Node; readonly iter: ast.Expression } | undefined {
  for (let at = name.parent; at && at.kind !== 'FunctionDef'; at = at.parent) {
    if (at.kind === 'GeneratorExp' || at.kind === 'ListComp') {
      const generator = at.generators.find(({ target }) => binds(target, name.id))
      if (generator) return { node: at, iter: generator.iter }
    }
    if (at.kind === 'For' && binds(at.target, name.id))
      return model.loops(name).includes(at) ? { node: at, iter: at.iter } : undefined
  }
  return undefined
}

/** `p` itself, or the second of `name, p`. */
function binds(target: ast.Expression, id: string): boolean {
  if (target.kind === 'Tuple') return target.elements.some(element => binds(element, id))
  return target.kind === 'Name' && target.id === id
}

function moduleOf(iterable: ast.Expression): ast.Expression | undefined {
  const method = iterable.kind === 'Call' ? methodCall(iterable) : undefined
  const isParameters = method?.method === 'parameters' || method?.method === 'named_parameters'
  return isParameters ? method.receiver : undefined
}

/** Under a condition, or times something that is nothing unless somebody says otherwise. */
function isOptional(model: Model, penalty: ast.Node): boolean {
  for (let at = penalty.parent; at && at.kind !== 'FunctionDef'; at = at.parent) {
    if (at.kind === 'If' || at.kind === 'IfExp' || at.kind === 'Try') return true
    if (at.kind === 'BinOp' && at.op === '*')
      if ([at.left, at.right].some(factor => visibleDefault(model, factor) === 0)) return true
  }
  return false
}
