/**
 * Which models' parameters a value depends on: whose gradients a backward pass fills. Asked only where a script has
 * several optimizers; with one, every backward pass is its own.
 */
import { argumentOf, enterFrame, type Frame, objectKey, placeKey } from '../../semantic/frames.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { children } from '../../syntax/walk.ts'
import { creationsOf, type OptimizerCreation } from '../optimizers.ts'
import { parameterSources } from '../parameters.ts'
import { methodCall } from '../usage.ts'

/** The keys of models, and whether there may be others. */
export interface Flow {
  readonly models: ReadonlySet<string>
  readonly isComplete: boolean
}

const nothing: Flow = { models: new Set(), isComplete: true }
const anything: Flow = { models: new Set(), isComplete: false }

/** The models that an optimizer was made for; undefined if that is not visible. */
export function ownersOf(model: Model, creation: OptimizerCreation, frame: Frame): ReadonlySet<string> | undefined {
  const sources = creation.parameters && parameterSources(model, creation.parameters)
  const keys = sources?.map(({ module }) => placeKey(model, module, frame))
  return keys?.every(key => key !== undefined) ? new Set(keys) : undefined
}

/** The same for an optimizer whose making is not on the path. */
export function staticOwners(model: Model, optimizer: ast.Expression, frame: Frame): ReadonlySet<string> | undefined {
  const owners = creationsOf(model, optimizer)?.map(creation => ownersOf(model, creation, frame))
  return owners?.every(each => each !== undefined) ? new Set(owners.flatMap(each => [...each])) : undefined
}

/** Is one of the keys the other, or a part of it? */
export const overlaps = (a: string, b: string): boolean => a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)

const detaching = new Set(['detach', 'detach_', 'item', 'tolist', 'numpy', 'data', 'shape', 'size', 'argmax'])
const withoutGradient = new Set(['torch.no_grad', 'torch.inference_mode'])

/** The flow into an expression, given the models that matter. */
export function flowOf(model: Model, expression: ast.Node, frame: Frame, owners: ReadonlySet<string>): Flow {
  const known = new Map<Frame, Map<ast.Node, Flow>>()

  /** Answers are kept; a value that flows into itself adds nothing. */
  const flow = (node: ast.Node, at: Frame): Flow => {
    let answers = known.get(at)
    if (!answers) {
      answers = new Map()
      known.set(at, answers)
    }
    const answer = answers.get(node)
    if (answer) return answer
    answers.set(node, nothing)
    const computed = compute(node, at)
    answers.set(node, computed)
    return computed
  }

  const compute = (node: ast.Node, at: Frame): Flow => {
    switch (node.kind) {
      case 'Lambda':
        return anything
      case 'Name':
      case 'Attribute':
      case 'Subscript':
        return ofVariable(node, at)
      case 'Call':
        return ofCall(node, at)
      default:
        return union(children(node).map(child => flow(child, at)))
    }
  }

  const ofVariable = (node: ast.Name | ast.Attribute | ast.Subscript, at: Frame): Flow => {
    if (node.kind === 'Attribute' && detaching.has(node.attr)) return nothing
    const owned = ownersOfObject(node, at)
    if (owned.length > 0) return { models: new Set(owned), isComplete: true }
    if (node.kind !== 'Name') return flow(node.value, at)
    const argument = argumentOf(model, node, at)
    if (argument) return flow(argument.expression, argument.frame)
    return union(model.sources(node).map(source => flow(source, at)))
  }

  const ofCall = (call: ast.Call, at: Frame): Flow => {
    if (isWithoutGradient(model, call)) return nothing
    const method = methodCall(call)
    if (method && detaching.has(method.method)) return nothing
    const passed = children(call).filter(child => child !== call.func)
    return union([ofCallee(call, at), ...passed.map(child => flow(child, at))])
  }

  const ofCallee = (call: ast.Call, at: Frame): Flow => {
    const callee = model.callee(call)
    const direct = flow(call.func, at)
    if (direct.models.size > 0) return direct
    if (callee.kind === 'symbol') return nothing
    if (callee.kind === 'function') return ofBody(callee.node, enterFrame(model, call, callee, at))
    const isLoss = model
      .values(call.func)
      .every(value => value.kind === 'instance' && typeof value.of === 'string' && value.of.startsWith('torch.'))
    const method = methodCall(call)
    const isTensorMethod = method !== undefined && model.place(method.receiver)?.kind !== 'self'
    return isLoss || (isTensorMethod && callee.kind === 'unknown') ? nothing : anything
  }

  /** Every model that a function of the file calls where it runs. */
  const ofBody = (code: ast.FunctionLike, at: Frame): Flow => {
    const mentioned = new Set<string>()
    let isComplete = true
    for (const inside of model.nodes('Call', code)) {
      const owned = ownersOfObject(inside.func, at)
      for (const owner of owned) mentioned.add(owner)
      const { kind } = model.callee(inside)
      if (owned.length === 0 && (kind === 'function' || kind === 'unknown')) isComplete = false
    }
    return { models: mentioned, isComplete }
  }

  const ownersOfObject = (node: ast.Expression, at: Frame): readonly string[] => {
    const key = objectKey(model, node, at)
    return key === undefined ? [] : [...owners].filter(owner => overlaps(owner, key))
  }

  return flow(expression, frame)
}

const isWithoutGradient = (model: Model, node: ast.Node): boolean =>
  model.contexts(node).some(context => {
    const name = model.qualifiedName(context.kind === 'Call' ? context.func : context)
    return name !== undefined && withoutGradient.has(name)
  })

const union = (flows: readonly Flow[]): Flow => ({
  models: new Set(flows.flatMap(({ models }) => [...models])),
  isComplete: flows.every(({ isComplete }) => isComplete),
})
