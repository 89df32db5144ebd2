/** What an optimizer does not take as its parameters. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { groupDisplays, groupEntry } from './groups.ts'
import { mayDefine } from './moduleClasses.ts'
import type { OptimizerCreation } from './optimizers.ts'
import { methodCall } from './usage.ts'

export interface InvalidParameters {
  readonly problem:
    | 'module'
    /** `model.parameters` without parentheses. */
    | 'uncalled'
    | 'tensor'
    /** One group, and no list around it. */
    | 'bareGroup'
    | 'empty'
    /** A set as the parameters of a group; in place of the groups it would be accepted. */
    | 'set'
    /** Several groups for LBFGS. */
    | 'groups'
  readonly at: ast.Expression
}

export function invalidParameters(model: Model, creation: OptimizerCreation): readonly InvalidParameters[] {
  const { parameters } = creation
  if (!parameters) return []
  const whole = problemOf(model, creation, parameters)
  if (whole) return [{ problem: whole, at: parameters }]
  const held = groupDisplays(model, parameters).map(group => groupEntry(model, group, 'params'))
  return held.flatMap(each => {
    const problem = each && (problemOfHeld(model, each) ?? (isSet(model, each) ? 'set' : undefined))
    return problem ? [{ problem, at: each }] : []
  })
}

function problemOf(
  model: Model,
  { fact }: OptimizerCreation,
  parameters: ast.Expression,
): InvalidParameters['problem'] | undefined {
  const held = problemOfHeld(model, parameters)
  if (held) return held
  if (isTensor(model, parameters)) return 'tensor'
  if (isEmptyList(model, parameters)) return 'empty'
  const values = model.values(parameters)
  if (parameters.kind === 'Dict' && groupEntry(model, parameters, 'params')) return 'bareGroup'
  const areGroups = values.every(
    value =>
      value.kind === 'expression' &&
      value.node.kind === 'List' &&
      value.node.elements.length > 1 &&
      value.node.elements.every(element => element.kind === 'Dict'),
  )
  return fact.closure && areGroups ? 'groups' : undefined
}

function problemOfHeld(model: Model, parameters: ast.Expression): 'module' | 'uncalled' | undefined {
  if (isUniterableModule(model, parameters)) return 'module'
  const isUncalled =
    parameters.kind === 'Attribute' &&
    parameters.attr === 'parameters' &&
    isUniterableModule(model, parameters.value) &&
    !mayDefine(model, parameters.value, 'parameters')
  return isUncalled ? 'uncalled' : undefined
}

/** A module, and none that has parameters to iterate over: `nn.ParameterList`, or a class with `__iter__`. */
function isUniterableModule(model: Model, expression: ast.Expression): boolean {
  if (model.isInstance(expression, 'torch.nn.Module') !== 'yes') return false
  const isList = ['torch.nn.ParameterList', 'torch.nn.ParameterDict'].some(
    name => model.isInstance(expression, name) !== 'no',
  )
  const isPromised = model.values(expression).some(value => value.kind === 'instance' && !value.creation)
  return (!isList || isPromised) && !mayDefine(model, expression, '__iter__')
}

/** A tensor that the script makes by itself. */
export function isTensor(model: Model, expression: ast.Expression): boolean {
  return model
    .values(expression)
    .every(
      value =>
        (value.kind === 'instance' && value.of === 'torch.nn.Parameter') ||
        (value.kind === 'result' && tensorFactory.test(value.of)),
    )
}

const tensorFactory = /^torch\.(?:empty|full|ones|rand|randn|tensor|zeros)(?:_like)?$/

/** `[]`, or a name that is assigned it, and of which there is no other use. */
function isEmptyList(model: Model, expression: ast.Expression): boolean {
  const isEmpty = model.values(expression).every(value => value.kind === 'expression' && isEmptyDisplay(value.node))
  if (!isEmpty || isEmptyDisplay(expression)) return isEmpty
  if (expression.kind !== 'Name') return false
  const uses = model.nodes('Name').filter(({ id }) => id === expression.id)
  return uses.length === 2 && model.sources(expression).every(isEmptyDisplay)
}

function isEmptyDisplay(node: ast.Expression): boolean {
  return (node.kind === 'List' || node.kind === 'Tuple') && node.elements.length === 0
}

function isSet(model: Model, expression: ast.Expression): boolean {
  return model.values(expression).every(value => {
    if (value.kind === 'expression') return value.node.kind === 'Set' || value.node.kind === 'SetComp'
    return value.kind === 'instance' && value.of === 'builtins.set'
  })
}

/** `set(model.parameters())`, which a list can replace: no parameter is in it twice. */
export function isSetOfParameters(model: Model, node: ast.Expression): node is ast.Call {
  if (node.kind !== 'Call' || model.qualifiedName(node.func) !== 'builtins.set') return false
  const [held] = node.args
  return held?.kind === 'Call' && methodCall(held)?.method === 'parameters'
}
