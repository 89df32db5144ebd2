/** Statements that put a value into something that may outlive them: sums, lists, dicts and attributes. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { remember } from './remember.ts'
import { methodCall } from './usage.ts'

export interface Keeping {
  readonly kind: 'added' | 'stored'
  /** What is added or stored, where it is written: the argument, if a function of the file adds or stores it. */
  readonly value: ast.Expression
  /** What it is put into: `total`, `self.outputs`, `losses` of `losses.update(loss)`. */
  readonly container: ast.Expression
  /** The statement or call that does it. */
  readonly statement: ast.Statement | ast.Call
  /** Does the container keep it from one iteration of the loop to the next? */
  outlives(loop: ast.For | ast.While): boolean
}

export const keepings = remember((model: Model): readonly Keeping[] =>
  [...sums(model), ...stores(model)]
    .flatMap(keeping => throughCalls(model, keeping))
    .sort((a, b) => a.value.start - b.value.start),
)

/** `total += loss`, `total = total + loss`. */
function sums(model: Model): readonly Keeping[] {
  const inPlace = model.nodes('AugAssign').flatMap(statement => {
    const { target, op, value } = statement
    if (op !== '+' || 'elements' in value || value.kind === 'ListComp' || !isContainer(target)) return []
    return [
      {
        kind: 'added',
        value,
        container: target,
        statement,
        outlives: keepsSum(model, target, value, statement),
      } as const,
    ]
  })
  const written = model.nodes('Assign').flatMap(statement => {
    const [target] = statement.targets
    const added = target && isContainer(target) ? addedTo(model, target, statement.value) : undefined
    if (!target || !added) return []
    const { value, self } = added
    const outlives = keepsSum(model, self, statement.value, statement)
    return [{ kind: 'added', value, container: target, statement, outlives } as const]
  })
  return [...inPlace, ...written]
}

/** `loss` and `total` of `total = total + loss`. */
function addedTo(model: Model, target: ast.Expression, value: ast.Expression) {
  if (value.kind !== 'BinOp' || value.op !== '+') return undefined
  const isSelf = isWrittenAs(model, target)
  if (isSelf(value.left)) return { value: value.right, self: value.left }
  return isSelf(value.right) ? { value: value.left, self: value.right } : undefined
}

const isWrittenAs =
  (model: Model, target: ast.Expression) =>
  (node: ast.Expression): boolean =>
    node.kind === target.kind && model.text.slice(node.start, node.end) === model.text.slice(target.start, target.end)

/** A name keeps its value if the next iteration reads it; an attribute, if nothing in the loop sets it anew. */
function keepsSum(model: Model, target: ast.Expression, value: ast.Expression, statement: ast.Statement) {
  return (loop: ast.For | ast.While): boolean =>
    target.kind === 'Name' ? model.sources(target).includes(value) : isSetOutside(model, target, loop, statement)
}

/** `outputs.append(output)`, `outputs[key] = output`, `outputs += [output]`. */
function stores(model: Model): readonly Keeping[] {
  const found: Keeping[] = []
  const put = (container: ast.Expression, value: ast.Expression, statement: Keeping['statement']): void => {
    const outlives = (loop: ast.For | ast.While) => isOutside(model, container, loop, statement)
    if (isContainer(container)) found.push({ kind: 'stored', value, container, statement, outlives })
  }
  for (const call of model.nodes('Call')) {
    const method = methodCall(call)
    const [value, ...others] = call.args
    if (method?.method === 'append' && value && others.length === 0) put(method.receiver, value, call)
  }
  for (const statement of model.nodes('Assign')) {
    const [target, ...others] = statement.targets
    if (target?.kind === 'Subscript' && others.length === 0 && isNewKey(model, target.slice))
      put(target.value, statement.value, statement)
  }
  for (const { statement, value, self } of concatenations(model)) {
    const outlives = keepsSum(model, self, statement.value, statement)
    found.push({ kind: 'stored', value, container: self, statement, outlives })
  }
  for (const statement of model.nodes('AugAssign')) {
    const [value, ...others] = statement.value.kind === 'List' ? statement.value.elements : []
    if (statement.op === '+' && value && others.length === 0) put(statement.target, value, statement)
  }
  return found
}

/** A key that is written out is set again and again; one that counts round (`i % 3`) has few values. */
function isNewKey(model: Model, key: ast.Expression): boolean {
  const isRound = model.nodes('BinOp', key).some(({ op }) => op === '%')
  return key.kind !== 'Slice' && model.constant(key) === undefined && !isRound
}

/** `outputs = torch.cat([outputs, output])`. */
function concatenations(model: Model) {
  return model.calls(['torch.cat', 'torch.concat', 'torch.hstack', 'torch.vstack']).flatMap(call => {
    const statement = call.parent
    const [target] = statement?.kind === 'Assign' ? statement.targets : []
    const [parts] = call.args
    if (statement?.kind !== 'Assign' || !target || !parts || !('elements' in parts) || parts.elements.length !== 2)
      return []
    const isSelf = isWrittenAs(model, target)
    const self = parts.elements.find(isSelf)
    const value = parts.elements.find(part => !isSelf(part))
    return self && value ? [{ statement, value, self }] : []
  })
}

const isContainer = ({ kind }: ast.Expression): boolean =>
  kind === 'Name' || kind === 'Attribute' || kind === 'Subscript'

/** Is it an unbounded list or dict that is made before the loop, and never emptied? */
function isOutside(model: Model, container: ast.Expression, loop: ast.Node, statement: ast.Node): boolean {
  if (isEmptied(model, container)) return false
  if (container.kind === 'Subscript') return isOutside(model, container.value, loop, statement)
  if (container.kind === 'Attribute')
    return isSetOutside(model, container, loop, statement) && model.values(container).every(isUnbounded)
  if (container.kind !== 'Name') return false
  const sources = model.sources(container).filter(({ parent }) => parent?.kind !== 'AugAssign')
  if (sources.length === 0 || sources.some(source => encloses(loop, source))) return false
  return sources.every(source => model.values(partFor(source, container)).every(isUnbounded))

  function isUnbounded(value: ReturnType<Model['values']>[number]): boolean {
    if (value.kind === 'expression') return /^(?:List|ListComp|Dict|DictComp)$/.test(value.node.kind)
    return (
      value.kind === 'instance' &&
      /^(?:builtins\.(?:list|dict)|collections\.(?:defaultdict|OrderedDict))$/.test(String(value.of))
    )
  }
}

/** `[]` of `losses, total = [], 0`, for `losses`. */
function partFor(source: ast.Expression, { id }: ast.Name): ast.Expression {
  const [target] = source.parent?.kind === 'Assign' ? source.parent.targets : []
  if (!target || !('elements' in target) || !('elements' in source)) return source
  return source.elements[target.elements.findIndex(each => each.kind === 'Name' && each.id === id)] ?? source
}

/** No other statement in the loop, or in the function, sets the attribute, unless it is a rare one. */
function isSetOutside(model: Model, target: ast.Expression, loop: ast.Node, statement: ast.Node): boolean {
  const place = model.place(target)
  if (!place) return false
  return !model
    .nodes('Assign')
    .some(
      assignment =>
        assignment !== statement &&
        (encloses(loop, assignment) || model.scope(assignment) === model.scope(statement)) &&
        assignment.parent?.kind !== 'If' &&
        assignment.targets.some(each => model.place(each) === place),
    )
}

const emptying: ReadonlySet<string> = new Set(['clear', 'pop', 'popitem', 'popleft', 'remove'])

function isEmptied(model: Model, container: ast.Expression): boolean {
  const place = model.place(container)
  const isIt = (node: ast.Expression): boolean => model.place(node) === place && place !== undefined
  return (
    model.nodes('Call').some(call => {
      const method = methodCall(call)
      return method !== undefined && emptying.has(method.method) && isIt(method.receiver)
    }) ||
    model
      .nodes('Delete')
      .some(({ targets }) => targets.some(each => isIt(each) || (each.kind === 'Subscript' && isIt(each.value))))
  )
}

/** What a method keeps of its parameter is kept where it is called: `losses.update(loss)` of a meter of the file. */
function throughCalls(model: Model, keeping: Keeping): readonly Keeping[] {
  const name = rootOf(keeping.value)
  const place = name && model.sources(name).length === 0 ? model.place(name) : undefined
  if (place?.kind !== 'parameter' || keeping.container.kind === 'Name') return [keeping]
  const position = place.function.parameters.findIndex(parameter => parameter.name === place.name)
  return (methodSites(model).get(place.function) ?? []).flatMap(({ call, object }) => {
    const argument = model.argument(call, place.name, position - 1)
    return argument.kind === 'given' ? [{ ...keeping, value: argument.value, container: object, statement: call }] : []
  })
}

/** The calls of the file's methods on objects. */
const methodSites = remember((model: Model) => {
  const sites = new Map<ast.FunctionLike, { readonly call: ast.Call; readonly object: ast.Expression }[]>()
  for (const call of model.nodes('Call')) {
    const callee = call.func.kind === 'Attribute' ? model.callee(call) : undefined
    if (callee?.kind !== 'function' || !callee.receiver || call.func.kind !== 'Attribute') continue
    const site = { call, object: call.func.value }
    const known = sites.get(callee.node)
    if (known) known.push(site)
    else sites.set(callee.node, [site])
  }
  return sites
})

/** `value` of `value * n`. */
function rootOf(value: ast.Expression): ast.Name | undefined {
  if (value.kind === 'BinOp') return rootOf(value.left) ?? rootOf(value.right)
  return value.kind === 'Name' ? value : undefined
}
