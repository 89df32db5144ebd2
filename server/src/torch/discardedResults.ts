/** Statements that compute a new tensor and drop it. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { pureTensorMethods } from './facts/tensors.ts'
import { isProbe } from './probes.ts'
import { isTensor } from './tensors.ts'
import { type MethodCall, methodCall } from './usage.ts'

export interface DiscardedResult {
  readonly call: ast.Call
  readonly method: string
  readonly tensor: ast.Name
  /**
   * What assigning the result to the name would do: what was meant; something that needs a look, such as another shape;
   * or harm, because the name is that of an outer scope or is backpropagated afterwards.
   */
  readonly assignment: 'meant' | 'doubtful' | 'harmful'
}

export function discardedResults(model: Model): readonly DiscardedResult[] {
  return model.nodes('Expr').flatMap(({ value }) => {
    const method = value.kind === 'Call' ? methodCall(value) : undefined
    if (!method || !pureTensorMethods.has(method.method)) return []
    const { call, receiver: tensor } = method
    if (tensor.kind !== 'Name' || isTensor(model, tensor) !== 'yes') return []
    if (isProbe(model, call) || isDisplayed(model, call) || isAwaited(model, call, method.method)) return []
    return [{ call, method: method.method, tensor, assignment: assignmentOf(model, method) }]
  })
}

/** In a notebook, and in a tutorial made from one, a bare expression shows its value. */
function isDisplayed(model: Model, call: ast.Call): boolean {
  const { parent } = call
  if (model.scope(call) !== model.module || parent?.parent !== undefined) return false
  return model.nodes('Expr').some(statement => statement.parent === undefined && isShown(statement.value))
}

function isShown(expression: ast.Expression): boolean {
  return expression.kind !== 'Call' && expression.kind !== 'Constant'
}

/** Copying to the CPU waits for the GPU: what measures time does it for that. */
function isAwaited(model: Model, call: ast.Call, method: string): boolean {
  if (method !== 'cpu' && !/['"]cpu/.test(model.text.slice(call.argumentsStart, call.end))) return false
  const scope = model.scope(call)
  const text = scope.kind === 'Module' ? scope.text : model.text.slice(scope.start, scope.end)
  return /perf_counter|time\.|timeit|elapsed|Event\(|bench|warm/i.test(text)
}

/** Changes of device and type, and the cut in the graph, are what such a statement is written for. */
const conversions = /^(?:bfloat16|bool|cpu|cuda|detach|double|float|half|int|long|to|type)$/

function assignmentOf(model: Model, { method, receiver }: MethodCall): DiscardedResult['assignment'] {
  if (receiver.kind !== 'Name' || !isLocal(model, receiver)) return 'harmful'
  if (method === 'detach' && isBackpropagated(model, receiver)) return 'harmful'
  return conversions.test(method) ? 'meant' : 'doubtful'
}

function isBackpropagated(model: Model, { id }: ast.Name): boolean {
  return model.nodes('Call').some(call => {
    const method = methodCall(call)
    const named = [method?.receiver, ...call.args].some(each => each?.kind === 'Name' && each.id === id)
    return named && (method?.method === 'backward' || method?.method === 'scale')
  })
}

/** A name that a function takes from outside becomes another variable where it is assigned. */
function isLocal(model: Model, name: ast.Name): boolean {
  const scope = model.scope(name)
  if (scope.kind === 'FunctionDef' && scope.parameters.some(parameter => parameter.name === name.id)) return true
  const sources = model.sources(name)
  return sources.length > 0 && sources.every(source => model.scope(source) === scope)
}
