/**
 * Which models' parameters a value depends on: whose gradients a backward pass fills. Asked only where a script has
 * several optimizers; with one, every backward pass is its own.
 */
import { enterFrame, type Frame, objectKey, placeKey } from '../../semantic/frames.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { children } from '../../syntax/walk.ts'
import { creationsOf, type OptimizerCreation } from '../optimizers.ts'
import { parameterSources } from '../parameters.ts'
import { methodCall } from '../usage.ts'
import { type Cells, cellName } from './cells.ts'

/** The keys of models, and whether there may be others. */
export interface Flow {
  readonly models: ReadonlySet<string>
  readonly isComplete: boolean
}

const nothing: Flow = { models: new Set(), isComplete: true }
const anything: Flow = { models: new Set(), isComplete: false }

export const writeFlow = ({ models, isComplete }: Flow): string =>
  [...models]
    .sort()
    .concat(isComplete ? [] : ['?'])
    .join(',')

function readFlow(text: string): Flow {
  const models = text.split(',').filter(part => part !== '' && part !== '?')
  return { models: new Set(models), isComplete: !text.endsWith('?') }
}

export const unknownFlow = writeFlow(anything)

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

/** The flow into an expression, given the models that matter and what the path knows of its variables. */
export function flowOf(
  model: Model,
  expression: ast.Node,
  frame: Frame,
  cells: Cells,
  owners: ReadonlySet<string>,
  depth = 0,
): Flow {
  const inner = (node: ast.Node): Flow => flowOf(model, node, frame, cells, owners, depth + 1)
  if (depth > 24) return anything
  switch (expression.kind) {
    case 'Lambda':
      return anything
    case 'Name':
    case 'Attribute':
    case 'Subscript': {
      if (expression.kind === 'Attribute' && detaching.has(expression.attr)) return nothing
      const key = objectKey(model, expression, frame)
      const owned = key === undefined ? [] : [...owners].filter(owner => overlaps(owner, key))
      if (owned.length > 0) return { models: new Set(owned), isComplete: true }
      const known = key === undefined ? undefined : cells.get(cellName('flow', key))
      if (known) return readFlow(known.value)
      return expression.kind === 'Name' ? nothing : inner(expression.value)
    }
    case 'Call': {
      if (isWithoutGradient(model, expression)) return nothing
      const method = methodCall(expression)
      if (method && detaching.has(method.method)) return nothing
      const passed = children(expression).filter(child => child !== expression.func)
      return union([ofCallee(model, expression, frame, inner, owners), ...passed.map(inner)])
    }
    default:
      return union(children(expression).map(inner))
  }
}

function ofCallee(
  model: Model,
  call: ast.Call,
  frame: Frame,
  inner: (node: ast.Node) => Flow,
  owners: ReadonlySet<string>,
): Flow {
  const callee = model.callee(call)
  const direct = inner(call.func)
  if (direct.models.size > 0) return direct
  if (callee.kind === 'symbol') return nothing
  if (callee.kind === 'function') return ofBody(model, call, callee, frame, owners)
  if (
    model
      .values(call.func)
      .every(value => value.kind === 'instance' && typeof value.of === 'string' && value.of.startsWith('torch.'))
  )
    return nothing
  const method = methodCall(call)
  const isTensorMethod =
    method !== undefined && model.place(method.receiver)?.kind !== 'self' && callee.kind === 'unknown'
  return isTensorMethod ? direct : anything
}

/** Every model that a function of the file mentions where it runs. */
function ofBody(
  model: Model,
  call: ast.Call,
  callee: Parameters<typeof enterFrame>[2],
  caller: Frame,
  owners: ReadonlySet<string>,
): Flow {
  const frame = enterFrame(model, call, callee, caller)
  const mentioned = new Set<string>()
  let isComplete = true
  for (const inside of model.nodes('Call', callee.node)) {
    const key = objectKey(model, inside.func, frame)
    const owned = key === undefined ? [] : [...owners].filter(owner => overlaps(owner, key))
    for (const owner of owned) mentioned.add(owner)
    const target = model.callee(inside)
    if (owned.length === 0 && (target.kind === 'function' || target.kind === 'unknown')) isComplete = false
  }
  return { models: mentioned, isComplete }
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
