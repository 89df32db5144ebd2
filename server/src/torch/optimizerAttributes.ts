/** Settings that are assigned to an optimizer, where nothing reads them, and not to its parameter groups. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { meantParameter, optimizers } from './facts/optimizers.ts'
import { textOf } from './names.ts'
import { isProbe } from './probes.ts'
import { methodCall } from './usage.ts'

export interface AssignedSetting {
  readonly statement: ast.Assign | ast.AugAssign
  readonly target: ast.Attribute | ast.Subscript
  readonly optimizer: ast.Expression
  /** The key of the parameter groups that is meant: `lr`. */
  readonly setting: string
  /** `optimizer.lr *= 0.1` reads an attribute that there is not. */
  readonly raises: boolean
}

export function assignedSettings(model: Model): readonly AssignedSetting[] {
  const found = [...model.nodes('Assign'), ...model.nodes('AugAssign')].flatMap(statement => {
    if (statement.broken || isProbe(model, statement)) return []
    const targets = statement.kind === 'Assign' ? statement.targets : [statement.target]
    return targets.flatMap(target => ofTarget(model, statement, target) ?? [])
  })
  return found.sort((a, b) => a.target.start - b.target.start)
}

function ofTarget(
  model: Model,
  statement: ast.Assign | ast.AugAssign,
  target: ast.Expression,
): AssignedSetting | undefined {
  if (target.kind === 'Attribute') {
    const setting = settingOf(target.attr)
    const optimizer = target.value
    if (!setting || !isPlainOptimizer(model, optimizer) || isReadBack(model, target)) return undefined
    return { statement, target, optimizer, setting, raises: statement.kind === 'AugAssign' && !isSet(model, target) }
  }
  if (target.kind !== 'Subscript' || target.value.kind !== 'Attribute' || target.value.attr !== 'defaults')
    return undefined
  const setting = model.constant(target.slice)
  const optimizer = target.value.value
  if (typeof setting !== 'string' || settingOf(setting) !== setting) return undefined
  if (!isPlainOptimizer(model, optimizer) || usesDefaults(model)) return undefined
  return { statement, target, optimizer, setting, raises: false }
}

function settingOf(name: string): string | undefined {
  return groupSettings.has(name) ? name : meantParameter(name)
}

const groupSettings: ReadonlySet<string> = new Set(
  Object.values(optimizers).flatMap(({ parameters }) => parameters.slice(1).map(({ name }) => name)),
)

/** An object of a class of PyTorch: one of the script may have attributes of its own. */
function isPlainOptimizer(model: Model, expression: ast.Expression): boolean {
  const values = model.values(expression).filter(value => value.kind !== 'expression' || !isNone(value.node))
  if (values.length === 0) return false
  return values.every(
    value =>
      value.kind === 'instance' &&
      typeof value.of === 'string' &&
      /^torch\.optim\.[A-Z]\w*$/.test(value.of) &&
      (value.creation !== undefined || !derivesOptimizer(model)),
  )
}

function isNone(node: ast.Expression): boolean {
  return node.kind === 'Constant' && node.type === 'None'
}

function derivesOptimizer(model: Model): boolean {
  return model
    .nodes('ClassDef')
    .some(({ bases }) => bases.some(base => model.qualifiedName(base)?.startsWith('torch.optim.')))
}

/** Does the script keep the number there for its own use? */
function isReadBack(model: Model, target: ast.Attribute): boolean {
  if (nodesRun(model, 'Call').some(call => isGetattr(model, call, target.attr))) return true
  return nodesRun(model, 'Attribute').some(node => {
    if (node.attr !== target.attr || isTarget(node)) return false
    if (model.moduleOf(node) !== model.module) return true
    return textOf(model, node.value) === textOf(model, target.value) || isPlainOptimizer(model, node.value)
  })
}

/** `getattr(optimizer, "lr")`. */
function isGetattr(model: Model, { func, args }: ast.Call, name: string): boolean {
  const named = args[1]
  return named?.kind === 'Constant' && named.value === name && model.qualifiedName(func) === 'builtins.getattr'
}

function isSet(model: Model, target: ast.Attribute): boolean {
  return nodesRun(model, 'Attribute').some(node => node.attr === target.attr && node.parent?.kind === 'Assign')
}

function isTarget(node: ast.Expression): boolean {
  const { parent } = node
  if (parent?.kind === 'Assign') return parent.targets.includes(node)
  return parent?.kind === 'AugAssign' && parent.target === node
}

/** New groups take the defaults, and so may whatever else the script does with them. */
function usesDefaults(model: Model): boolean {
  if (nodesRun(model, 'Call').some(call => methodCall(call)?.method === 'add_param_group')) return true
  return nodesRun(model, 'Attribute').some(node => {
    const { parent } = node
    return node.attr === 'defaults' && !(parent?.kind === 'Subscript' && parent.value === node && isTarget(parent))
  })
}
