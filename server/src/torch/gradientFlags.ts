/** Assignments that are meant to freeze parameters and set an attribute that nobody reads. */
import { filesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import { nearestName } from '../spelling.ts'
import type * as ast from '../syntax/ast.ts'
import { filesOf, hasMethod } from './moduleClasses.ts'
import { isTensor } from './tensors.ts'

export interface LostGradientFlag {
  readonly statement: ast.Assign
  readonly target: ast.Attribute
  /** A module has the method `requires_grad_`, a parameter the attribute `requires_grad`. */
  readonly holder: 'module' | 'parameter'
  /** The parameter or tensor has this value since it was made. */
  readonly isDefault: boolean
}

export function lostGradientFlags(model: Model): readonly LostGradientFlag[] {
  return model.nodes('Assign').flatMap(statement => {
    const [target] = statement.targets
    if (statement.targets.length !== 1 || target?.kind !== 'Attribute') return []
    const isSpelled = target.attr === 'requires_grad'
    if (!isSpelled && (!isMisspelled(target.attr) || isRead(model, target))) return []
    const holder = holderOf(model, target.value)
    if (!holder || (isSpelled && (holder === 'parameter' || isDefined(model, target) || isFallback(statement))))
      return []
    return [{ statement, target, holder, isDefault: holder === 'parameter' && isDefault(model, statement, target) }]
  })
}

/** Words that are further away than a slip of the finger. */
const misspelled = new Set([
  'grad_required',
  'require_gradient',
  'require_gradients',
  'requires_gradient',
  'requires_gradients',
])

function isMisspelled(name: string): boolean {
  return misspelled.has(name) || nearestName(name, ['requires_grad']) !== undefined
}

/** An attribute of the script's own is read somewhere. */
function isRead(model: Model, { value: holder, attr: name }: ast.Attribute): boolean {
  const files = new Set([...filesRun(model), ...filesOf(model, holder)])
  return (
    [...files].some(({ text }) => text !== model.text && text.includes(name)) ||
    model.nodes('Attribute').some(({ attr, parent }) => attr === name && parent?.kind !== 'Assign') ||
    model.nodes('Constant').some(({ value }) => value === name)
  )
}

/** `except AttributeError:` is where a parameter ends up that has no `parameters()`. */
function isFallback(node: ast.Node): boolean {
  for (let at = node.parent; at; at = at.parent) if (at.kind === 'ExceptHandler') return true
  return false
}

/** A class may have given the name a meaning of its own. */
function isDefined(model: Model, { value, attr }: ast.Attribute): boolean {
  return hasMethod(model, value, attr)
}

function holderOf(model: Model, expression: ast.Expression): LostGradientFlag['holder'] | undefined {
  if (expression.kind === 'Name' && expression.id === 'self') return undefined
  const source = iteratedBy(model, expression)
  if (source === 'parameters' || source === 'named_parameters') return 'parameter'
  if (source !== undefined) return 'module'
  if (model.isInstance(expression, 'torch.nn.Module') === 'yes') return 'module'
  if (expression.kind === 'Attribute' && (expression.attr === 'weight' || expression.attr === 'bias'))
    return 'parameter'
  return isTensor(model, expression) === 'yes' || isParameter(model, expression) ? 'parameter' : undefined
}

/** Gradients are off for a tensor and on for a parameter that the script has just made. */
function isDefault(model: Model, { value }: ast.Assign, target: ast.Attribute): boolean {
  const wanted = model.constant(value)
  if (iteratedBy(model, target.value) !== undefined) return false
  return isParameter(model, target.value)
    ? wanted === true
    : wanted === false && isTensor(model, target.value) === 'yes'
}

function isParameter(model: Model, expression: ast.Expression): boolean {
  return model.values(expression).every(value => value.kind === 'instance' && value.of === 'torch.nn.Parameter')
}

const iterators = new Set(['children', 'modules', 'named_children', 'named_modules', 'named_parameters', 'parameters'])

/** `parameters` for the `p` of `for p in model.parameters():` and of `for name, p in …named_parameters():`. */
function iteratedBy(model: Model, expression: ast.Expression): string | undefined {
  if (expression.kind !== 'Name') return undefined
  const names = model.sources(expression).map(source => {
    const iterates = source.parent?.kind === 'For' || source.parent?.kind === 'Comprehension'
    const calls = iterates ? model.nodes('Call', source) : []
    const methods = calls.flatMap(({ func }) =>
      func.kind === 'Attribute' && iterators.has(func.attr) ? [func.attr] : [],
    )
    return new Set(methods).size === 1 ? methods[0] : undefined
  })
  const [only] = names
  return names.every(name => name === only) ? only : undefined
}
