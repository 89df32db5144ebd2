/**
 * What is, or may be, backpropagated: everything that the losses of the file's backward passes are computed from, backwards
 * through assignments, containers, attributes, parameters and results.
 *
 *     losses.append(criterion(model(x), y))        … is backpropagated,
 *     total = torch.stack(losses).sum()            because total is
 *     total.backward()
 */
import type { Model, Place } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { children } from '../syntax/walk.ts'
import { passedArguments } from './passedArguments.ts'
import { remember } from './remember.ts'
import { methodCall } from './usage.ts'

/** May the value that this very expression computes be backpropagated? */
export function isBackpropagated(model: Model, expression: ast.Expression): boolean {
  return backpropagated(model).has(expression)
}

/** Does a call run a backward pass, whatever it is called on? `accelerator.backward(loss)`, `torch.autograd.grad(loss, x)`. */
export function runsBackward(model: Model, call: ast.Call): boolean {
  const { func } = call
  const last = func.kind === 'Attribute' ? func.attr : func.kind === 'Name' ? func.id : ''
  return (
    /backward|^minimize$/i.test(last) ||
    /^torch\.autograd\.(?:backward|grad|functional\.\w+)$/.test(model.qualifiedName(func) ?? '')
  )
}

const backpropagated = remember((model: Model): ReadonlySet<ast.Node> => {
  const flows = flowsOf(model)
  const seen = new Set<ast.Node>()
  const elsewhere = backpropagatingFiles(model)
  const pending: ast.Node[] = model
    .nodes('Call')
    .filter(call => runsBackward(model, call) || handsOver(model, call) || isGivenTo(model, call, elsewhere))
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (isDetaching(node)) continue
    pending.push(...children(node))
    if (node.kind === 'Name') pending.push(...model.sources(node), ...flows.into(node), ...passedArguments(model, node))
    else if (node.kind === 'Attribute') pending.push(...flows.into(node))
    else if (node.kind === 'Call') pending.push(...returnsOf(model, node))
  }
  return seen
})

/** The other files with functions that the script runs and that run a backward pass. */
const backpropagatingFiles = (model: Model): ReadonlySet<ast.Module> =>
  new Set(
    model
      .followed()
      .filter(code => model.nodes('Call', code).some(call => runsBackward(model, call)))
      .map(code => model.moduleOf(code)),
  )

/** What goes to one of them may be what is backpropagated there. */
function isGivenTo(model: Model, call: ast.Call, files: ReadonlySet<ast.Module>): boolean {
  if (files.size === 0) return false
  const callee = model.callee(call)
  return (callee.kind === 'function' || callee.kind === 'class') && files.has(model.moduleOf(callee.node))
}

/** What gets an optimizer together with a loss may run the backward pass: `loss_scaler(loss, optimizer)`. */
function handsOver(model: Model, call: ast.Call): boolean {
  const names = [...call.args, ...call.keywords.map(({ value }) => value)].map(each =>
    model.text.slice(each.start, each.end),
  )
  return model.callee(call).kind === 'unknown' && names.some(name => /optim|\bopt(?:_\w+)?$/i.test(name))
}

const detaching: ReadonlySet<string> = new Set(['argmax', 'data', 'detach', 'item', 'numpy', 'shape', 'size', 'tolist'])

/** Cuts a value off its graph. */
export function isDetaching(node: ast.Node): boolean {
  if (node.kind === 'Attribute') return node.attr === 'data' || node.attr === 'shape'
  const method = node.kind === 'Call' ? methodCall(node) : undefined
  return method !== undefined && detaching.has(method.method)
}

interface Flows {
  /** What was put into the variable or attribute besides what its definitions assign. */
  into(node: ast.Name | ast.Attribute): readonly ast.Expression[]
}

const adding: ReadonlySet<string> = new Set([
  'add',
  'append',
  'appendleft',
  'extend',
  'insert',
  'push',
  'put',
  'setdefault',
  'update',
])

/** Definitions of names are known by where they reach; what is put into objects is not. */
function flowsOf(model: Model): Flows {
  const byPlace = new Map<Place, ast.Expression[]>()
  const byAttribute = new Map<string, ast.Expression[]>()
  const put = (target: ast.Expression, values: readonly ast.Expression[]): void => {
    if ('elements' in target) for (const element of target.elements) put(element, values)
    else if (target.kind === 'Subscript') putInto(target.value, values)
    else if (target.kind === 'Attribute') putInto(target, values)
  }
  const putInto = (object: ast.Expression, values: readonly ast.Expression[]): void => {
    if (object.kind === 'Subscript') putInto(object.value, values)
    else if (object.kind === 'Attribute') {
      add(byAttribute, object.attr, values)
      // What is put into `batch.losses` is in `batch`.
      if (object.value.kind === 'Name' && object.value.id !== 'self') putInto(object.value, values)
    } else if (object.kind === 'Name') {
      const place = model.place(object)
      if (place) add(byPlace, place, values)
    }
  }
  for (const { targets, value } of model.nodes('Assign')) for (const target of targets) put(target, [value])
  for (const { target, value } of model.nodes('AugAssign')) put(target, [value])
  for (const { target, value } of model.nodes('AnnAssign')) if (value) put(target, [value])
  for (const call of model.nodes('Call')) {
    const method = methodCall(call)
    if (method && adding.has(method.method)) putInto(method.receiver, call.args)
  }
  return {
    into: node => {
      if (node.kind === 'Attribute') return byAttribute.get(node.attr) ?? []
      const place = model.place(node)
      return (place && byPlace.get(place)) ?? []
    },
  }
}

function add<Key>(map: Map<Key, ast.Expression[]>, key: Key, values: readonly ast.Expression[]): void {
  const known = map.get(key)
  if (known) known.push(...values)
  else map.set(key, [...values])
}

/** What the functions of the file that a call may run return; of a method of an unknown object, all that are called so. */
function returnsOf(model: Model, call: ast.Call): readonly ast.Expression[] {
  const callee = model.callee(call)
  const { func } = call
  const codes =
    callee.kind === 'function'
      ? [callee.node]
      : func.kind === 'Attribute' && callee.kind === 'unknown'
        ? model.nodes('FunctionDef').filter(({ name }) => name === func.attr)
        : []
  return codes.flatMap(code => returned(model, code))
}

/** What a function returns or yields. */
export function returned(model: Model, code: ast.FunctionLike): readonly ast.Expression[] {
  if (code.kind === 'Lambda') return [code.body]
  const isOwn = (node: ast.Node): boolean => model.scope(node) === code
  return [...model.nodes('Return', code), ...model.nodes('Yield', code)]
    .filter(isOwn)
    .flatMap(({ value }) => (value ? [value] : []))
}
