/** Takes an activation off a tensor, or another criterion in place of one: `F.softmax(x, dim=1)` becomes `x`. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import type { LossInput } from '../torch/lossInputs.ts'
import { lossInputs } from '../torch/lossInputs.ts'
import { methodCall } from '../torch/usage.ts'
import { deleteArgument } from './arguments.ts'
import { replace } from './edits.ts'
import { reference } from './imports.ts'
import type { Edit } from './rule.ts'

/** Undefined where it is not plain what would be left. */
export function dropActivation(model: Model, { origin }: LossInput): readonly Edit[] | undefined {
  if (origin.kind !== 'Call') return undefined
  const container = origin.parent
  const isLayer = model.isInstance(origin, 'torch.nn.Module') === 'yes'
  if (isLayer) {
    const isPart = container?.kind === 'Call' && container.args.includes(origin) && container.args.length > 1
    return isPart ? [deleteArgument(model, container, origin)] : undefined
  }
  const input = inputOf(model, origin)
  if (!input) return undefined
  const text = model.textOf(input)
  return [replace(origin, isLoose(input, origin) ? `(${text})` : text)]
}

/** What an activation is applied to: the receiver of a method, or the first argument. */
export function inputOf(model: Model, call: ast.Call): ast.Expression | undefined {
  const method = methodCall(call)
  const isMethod =
    method &&
    /^(?:log_)?softmax$|^sigmoid$/.test(method.method) &&
    !model.qualifiedName(method.call.func)?.startsWith('torch.')
  const isLayer = model
    .values(call.func)
    .every(value => value.kind === 'instance' && String(value.of).startsWith('torch.nn.'))
  if (isMethod && !isLayer) return method.receiver
  // Of several layers that are called in turn, not all are to go.
  if (!isLayer && !model.qualifiedName(call.func)?.startsWith('torch.')) return undefined
  const argument = model.argument(call, 'input', 0)
  return argument.kind === 'given' && argument.value.kind !== 'Starred' ? argument.value : undefined
}

/** Would the expression fall apart where the call stands? */
function isLoose(expression: ast.Expression, call: ast.Call): boolean {
  const isClosed = ['Attribute', 'Call', 'Constant', 'Name', 'Subscript', 'Tuple', 'List'].includes(expression.kind)
  const parent = call.parent?.kind
  const isAlone = parent === 'Assign' || parent === 'Return' || parent === 'Keyword' || parent === 'Expr'
  return !isClosed && !isAlone && !(call.parent?.kind === 'Call' && call.parent.func !== call)
}

/** `F.softmax` becomes `F.log_softmax`, `nn.Softmax` becomes `nn.LogSoftmax`. */
export function takeLogarithm(model: Model, { origin }: LossInput): readonly Edit[] | undefined {
  if (origin.kind !== 'Call' || origin.func.kind !== 'Attribute') return undefined
  const { attr, attrStart } = origin.func
  const other = attr === 'softmax' ? 'log_softmax' : attr === 'Softmax' ? 'LogSoftmax' : undefined
  const isOwn = attr === 'softmax' && model.isInstance(origin.func, 'torch.nn.Module') === 'yes'
  return other === undefined || isOwn ? undefined : [replace({ start: attrStart, end: attrStart + attr.length }, other)]
}

/** The criterion of another name, where everything that it is known to be given is of this kind. */
export function replaceCriterion(
  model: Model,
  { call, creation, criterion, activation }: LossInput,
  names: { readonly class: string; readonly function: string },
): { readonly text: string; readonly edits: readonly Edit[] } | undefined {
  const isFunction = model.qualifiedName(call.func) !== undefined
  const changed = isFunction ? call : creation
  const others = lossInputs(model).filter(each => !isFunction && each.creation === creation)
  const isMixed = others.some(each => each.criterion === criterion && each.activation !== activation)
  if (!changed || isMixed || model.values(changed.func).length !== 1) return undefined
  const name = isFunction ? `torch.nn.functional.${names.function}` : `torch.nn.${names.class}`
  const { func } = changed
  if (func.kind === 'Attribute') {
    const last = isFunction ? names.function : names.class
    const text = `${model.textOf(func.value)}.${last}`
    return { text, edits: [replace({ start: func.attrStart, end: func.end }, last)] }
  }
  const found = reference(model, name, changed)
  return found && { text: found.text, edits: [...found.edits, replace(func, found.text)] }
}
