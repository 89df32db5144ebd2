/** How the script uses an object whose origin it does not show: what is called on it, and what it is passed to. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model, Place, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { remember } from './remember.ts'

/** The calls of methods of an object: `optimizer.step()` and `optimizer.zero_grad()` of `optimizer`. */
export function methodCalls(model: Model, expression: ast.Expression): readonly MethodCall[] {
  const place = model.place(expression)
  return (place && allMethodCalls(model).get(place)) ?? []
}

/** Is the object itself called: `model(images)`? */
export function isCalled(model: Model, expression: ast.Expression): boolean {
  const place = model.place(expression)
  return place !== undefined && calledObjects(model).has(place)
}

const calledObjects = remember((model: Model): ReadonlySet<Place> => {
  const places = nodesRun(model, 'Call').map(({ func }) =>
    func.kind === 'Name' || func.kind === 'Attribute' ? model.place(func) : undefined,
  )
  return new Set(places.filter(place => place !== undefined))
})

/** A call of a method, however its receiver is written. */
export interface MethodCall {
  readonly method: string
  readonly receiver: ast.Expression
  readonly call: ast.Call
}

/** `x.step()` as a call of the method `step` of `x`; undefined for any other call. */
export function methodCall(call: ast.Call): MethodCall | undefined {
  if (call.func.kind !== 'Attribute') return undefined
  return { method: call.func.attr, receiver: call.func.value, call }
}

const allMethodCalls = remember((model: Model): ReadonlyMap<Place, readonly MethodCall[]> => {
  const calls = new Map<Place, MethodCall[]>()
  for (const node of nodesRun(model, 'Call')) {
    const call = methodCall(node)
    const place = call && model.place(call.receiver)
    if (!call || !place) continue
    const known = calls.get(place)
    if (known) known.push(call)
    else calls.set(place, [call])
  }
  return calls
})

/** `None` stands for "not this one": nothing is ever done with it. */
export function isNone(value: Value): boolean {
  return value.kind === 'expression' && value.node.kind === 'Constant' && value.node.type === 'None'
}

/** Libraries that take over the training step: what an object of unknown origin does is theirs to decide. */
const trainers = new Set([
  'accelerate',
  'apex',
  'colossalai',
  'deepspeed',
  'fairscale',
  'ignite',
  'lightning',
  'lightning_fabric',
  'mmcv',
  'mmengine',
  'pytorch_lightning',
])

/** Does the script import a library that wraps optimizers, scalers and models in its own? */
export const importsTrainer = remember((model: Model): boolean => importsAny(model, trainers))

/** Does the script import one of these libraries, or a part of one? */
export function importsAny(model: Model, libraries: ReadonlySet<string>): boolean {
  const imported = [
    ...model.nodes('Import').flatMap(statement => statement.names.map(({ name }) => name)),
    ...model.nodes('ImportFrom').map(({ module, level }) => (level === 0 ? module : '')),
  ]
  return imported.some(name => libraries.has(name.split('.')[0] ?? ''))
}
