/** What a name or attribute stands for in the script around the functions that are running. */
import type { Binding, Literal, Model, Value as ScriptValue } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { creationOf } from '../modules.ts'
import { methodCalls } from '../usage.ts'
import { applyChanges } from './changes.ts'
import { elementAt } from './elements.ts'
import type { Evaluation, Frame } from './evaluation.ts'
import { lineageOf } from './members.ts'
import { joinAll, literal, sequence, tensor, unknown, type Value } from './values.ts'

export function outsideValue(evaluation: Evaluation, node: ast.Name | ast.Attribute, frame: Frame): Value {
  const { model } = evaluation
  const constant = model.constant(node)
  if (constant !== undefined) return ofLiteral(constant, frame)
  const bindings = node.kind === 'Name' ? model.bindings(node) : undefined
  const value = evaluation.remembered(
    node,
    outside =>
      bindings
        ? joinAll(bindings.map(binding => bound(evaluation, binding, node, outside)))
        : joinAll(model.values(node).map(each => converted(evaluation, each, node, outside))),
    frame,
  )
  return value.kind === 'tensor' && isWrittenTo(model, node) ? tensor : value
}

/** `x.sigmoid_()`, `x[mask] = 0`: what made the tensor does not say what it is. */
function isWrittenTo(model: Model, node: ast.Name | ast.Attribute): boolean {
  const place = model.place(node)
  return (
    methodCalls(model, node).some(({ method }) => method.endsWith('_') && method !== 'requires_grad_') ||
    model.nodes('Subscript').some(item => {
      const isTarget =
        item.parent?.kind === 'Assign'
          ? item.parent.targets.includes(item)
          : item.parent?.kind === 'AugAssign' && item.parent.target === item
      return isTarget && place !== undefined && model.place(item.value) === place
    })
  )
}

function ofLiteral(constant: Literal, frame: Frame): Value {
  return typeof constant === 'object' && constant !== null
    ? sequence(
        constant.map(each => ofLiteral(each, frame)),
        frame.state,
      )
    : literal(constant)
}

function bound(evaluation: Evaluation, binding: Binding, use: ast.Expression, frame: Frame): Value {
  if (binding.kind === 'parameter') return passed(evaluation, binding, frame)
  let value = made(evaluation, binding.expression, use, frame)
  for (const step of binding.path)
    value = step.kind === 'item' ? elementAt(value, literal(step.index), false, frame) : unknown
  return value
}

/** What the file's own calls pass for a parameter. */
export function passed(
  evaluation: Evaluation,
  { function: code, parameter }: Pick<Binding & { readonly kind: 'parameter' }, 'function' | 'parameter'>,
  frame: Frame,
): Value {
  const { model } = evaluation
  const owner = code.parent?.kind === 'ClassDef' ? code.parent : undefined
  const isSelf = owner && code.parameters[0] === parameter && !isStatic(code)
  if (isSelf) return objectOf(evaluation, owner, frame)
  const calls = parameter.mode.endsWith('variadic') ? undefined : model.callSites(code)
  if (!calls || calls.length === 0) return unknown
  const positional = code.parameters.filter(({ mode }) => mode.startsWith('positional'))
  const values = calls.map(call => {
    const callee = model.callee(call)
    const isBound = callee.kind === 'class' || (callee.kind === 'function' && callee.receiver !== undefined)
    const index = positional.indexOf(parameter)
    const argument = model.argument(call, parameter.name, index < 0 ? undefined : index - (isBound ? 1 : 0))
    if (argument.kind === 'given') return made(evaluation, argument.value, parameter, frame)
    const otherwise = argument.kind === 'absent' ? parameter.default : undefined
    return otherwise ? made(evaluation, otherwise, parameter, frame) : unknown
  })
  return joinAll(values)
}

function isStatic(code: ast.FunctionLike): boolean {
  return code.kind === 'FunctionDef' && code.decorators.length > 0
}

function converted(evaluation: Evaluation, value: ScriptValue, use: ast.Expression, frame: Frame): Value {
  switch (value.kind) {
    case 'symbol':
    case 'class':
      return value
    case 'function':
      return value.receiver ? unknown : { kind: 'function', node: value.node, receiver: undefined }
    case 'instance':
      if (!value.creation && typeof value.of !== 'string') return objectOf(evaluation, value.of, frame)
      break
    case 'expression':
      return made(evaluation, value.node, use, frame)
    default:
  }
  const creation = creationOf(value)
  return creation ? made(evaluation, creation, use, frame) : unknown
}

/** The object that an expression of the script makes, with what the script does to it afterwards. */
function made(evaluation: Evaluation, node: ast.Expression, use: ast.Node, frame: Frame): Value {
  if (node === use) return unknown
  return evaluation.remembered(
    node,
    outside => {
      const value = evaluation.evaluate(node, outside)
      return isGrown(evaluation.model, node) ? unknown : applyChanges(evaluation, node, value, outside)
    },
    frame,
  )
}

/** A list that is added to, or changed, is not what its display says. */
function isGrown(model: Model, display: ast.Expression): boolean {
  const { parent } = display
  if (display.kind !== 'List' && display.kind !== 'Dict' && display.kind !== 'ListComp') return false
  const target = parent?.kind === 'Assign' ? parent.targets[0] : undefined
  if (target?.kind !== 'Name' && target?.kind !== 'Attribute') return false
  // Calls in other files are not looked through.
  if (model.moduleOf(display) !== model.module) return true
  return methodCalls(model, target).some(({ method }) => changing.has(method))
}

const changing = new Set(['add', 'append', 'clear', 'extend', 'insert', 'pop', 'remove', 'update'])

/** An object of a class of the file, whoever made it: its constructor runs with arguments that are not known. */
function objectOf(evaluation: Evaluation, node: ast.ClassDef, frame: Frame): Value {
  const { model } = evaluation
  const isDerivedFrom = model
    .nodes('ClassDef')
    .some(each => each !== node && lineageOf(model, each).classes.includes(node))
  // Who derives from a class of another file is not known.
  if (isDerivedFrom || model.moduleOf(node) !== model.module) return unknown
  const nothing = { positional: [], keywords: new Map<string, Value>(), isExact: false }
  return evaluation.remembered(
    node,
    outside => evaluation.call({ kind: 'class', node }, nothing, undefined, outside),
    frame,
  )
}
