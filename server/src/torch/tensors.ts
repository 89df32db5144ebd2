/** Which expressions are tensors: by what made them, or by what the script does with them. */
import type { Certainty, Model, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { lossClasses } from './facts/losses.ts'
import { parameterDimensions } from './facts/modules.ts'
import { tensorFunctions, tensorOnlyMethods } from './facts/tensors.ts'
import { isModule } from './modules.ts'
import { remember } from './remember.ts'
import { methodCall } from './usage.ts'

/** Never `no`: a tensor shows itself only by its use. */
export function isTensor(model: Model, expression: ast.Expression): Certainty {
  const values = model.values(expression)
  if (values.every(isTensorValue)) return 'yes'
  if (values.some(isSomethingElse)) return 'unknown'
  if (expression.kind === 'Call') return isComputed(model, expression) ? 'yes' : 'unknown'
  if (expression.kind !== 'Name') return 'unknown'
  const sources = model.sources(expression)
  if (sources.length > 0 && sources.every(source => isWhole(source, expression) && isTensorCall(model, source)))
    return 'yes'
  const uses = evidence(model).get(expression.id) ?? []
  return uses.some(use => isSameObject(model, use, expression)) ? 'yes' : 'unknown'
}

function isTensorValue(value: Value): boolean {
  if (value.kind === 'instance') return typeof value.of === 'string' && tensorClass.test(value.of)
  return value.kind === 'result' && isTensorResult(value.of)
}

/** `torch.FloatTensor(…)` and, in old scripts, `Variable(…)` make tensors too. */
const tensorClass = /^torch\.(?:autograd\.(?:variable\.)?Variable|(?:cuda\.)?\w*Tensor)$/

function isTensorResult(name: string): boolean {
  return tensorFunctions.has(name) || /^torch\.nn\.functional\.[a-z]/.test(name)
}

/** What is known to be of another kind is no tensor, whatever is done with it. */
function isSomethingElse(value: Value): boolean {
  return value.kind === 'class' || value.kind === 'function' || value.kind === 'symbol' || value.kind === 'instance'
}

/** A call of a layer, a criterion or a model: `criterion(output, target)`. */
function isComputed(model: Model, call: ast.Call): boolean {
  return isCriterion(model, call.func) || isLayer(model, call.func)
}

function isTensorCall(model: Model, expression: ast.Expression): boolean {
  return expression.kind === 'Call' && isComputed(model, expression)
}

/** `loss = …` assigns the whole value, `output, hidden = …` a part of it. */
function isWhole(source: ast.Expression, name: ast.Name): boolean {
  const { parent } = source
  return parent?.kind === 'Assign' && parent.targets.every(target => target.kind === 'Name' && target.id === name.id)
}

function isCriterion(model: Model, callee: ast.Expression): boolean {
  return isInstanceOf(model, callee, name => Object.hasOwn(lossClasses, name))
}

/** A layer that is called with one tensor and returns one. */
function isLayer(model: Model, callee: ast.Expression): boolean {
  return isInstanceOf(model, callee, name => Object.hasOwn(parameterDimensions, name) && !recurrent.test(name))
}

const recurrent = /RNN|GRU|LSTM|Attention/

function isInstanceOf(model: Model, callee: ast.Expression, isOne: (className: string) => boolean): boolean {
  return model.values(callee).every(value => {
    if (value.kind !== 'instance' || typeof value.of !== 'string') return false
    const [, name] = /^torch\.nn\.(\w+)$/.exec(value.of) ?? []
    return name !== undefined && isOne(name)
  })
}

/** Names in places where only a tensor can stand. */
const evidence = remember((model: Model): ReadonlyMap<string, readonly ast.Name[]> => {
  const names = new Map<string, ast.Name[]>()
  for (const call of model.nodes('Call'))
    for (const expression of tensorsOf(model, call)) {
      if (expression.kind !== 'Name') continue
      names.set(expression.id, [...(names.get(expression.id) ?? []), expression])
    }
  return names
})

function tensorsOf(model: Model, call: ast.Call): readonly ast.Expression[] {
  const method = methodCall(call)
  if (method && tensorOnlyMethods.has(method.method) && isModule(model, method.receiver) !== 'yes')
    return [method.receiver]
  const name = model.qualifiedName(call.func) ?? ''
  if (/^torch\.nn\.functional\.\w*(?:loss|cross_entropy\w*|kl_div)$/.test(name)) return call.args.slice(0, 2)
  if (/^torch\.nn\.functional\.[a-z]/.test(name)) return call.args.slice(0, 1)
  if (call.args.length === 0 || (call.func.kind !== 'Name' && call.func.kind !== 'Attribute')) return []
  if (isCriterion(model, call.func)) return call.args
  if (isLayer(model, call.func)) return call.args.slice(0, 1)
  return isInstanceOf(model, call.func, className => /^(?:RNN|GRU)(?:Cell)?$/.test(className)) ? call.args : []
}

/** Do two uses of a name read what the same definitions have put there? */
function isSameObject(model: Model, a: ast.Name, b: ast.Name): boolean {
  if (model.scope(a) !== model.scope(b)) return false
  const [first, second] = [model.sources(a), model.sources(b)]
  return first.length === second.length && first.every(source => second.includes(source))
}
