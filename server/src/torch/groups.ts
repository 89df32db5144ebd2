import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { textOf } from './names.ts'
import type { OptimizerCreation } from './optimizers.ts'

/** One parameter group of an optimizer, as far as its text shows it. */
export interface ParameterGroup {
  /** The parameters' expression as written. */
  readonly parameters: string
  /** The number, or the expression that gives it; null if the optimizer has none, or it is not visible. */
  readonly lr: number | string | null
  readonly weightDecay: number | string | null
}

/** The groups that an optimizer is made with: those of a list of dicts, or one of all its parameters. */
export function parameterGroups(model: Model, creation: OptimizerCreation): readonly ParameterGroup[] {
  const { parameters } = creation
  const common = { lr: setting(model, creation, 'lr'), weightDecay: setting(model, creation, 'weight_decay') }
  const displays = parameters ? groupDisplays(model, parameters) : []
  if (displays.length === 0) return [{ parameters: parameters ? textOf(model, parameters) : '', ...common }]
  return displays.map(group => {
    const [held, lr, weightDecay] = ['params', 'lr', 'weight_decay'].map(key => groupEntry(model, group, key))
    return {
      parameters: held ? textOf(model, held) : '',
      lr: lr ? settingOf(model, lr) : common.lr,
      weightDecay: weightDecay ? settingOf(model, weightDecay) : common.weightDecay,
    }
  })
}

/** The dicts that are written in a list of groups. */
export function groupDisplays(model: Model, parameters: ast.Expression): readonly ast.Dict[] {
  return model.values(parameters).flatMap(value => {
    const list = value.kind === 'expression' ? value.node : undefined
    if (list?.kind !== 'List' && list?.kind !== 'Tuple') return []
    return list.elements.flatMap(element =>
      model
        .values(element)
        .flatMap(group => (group.kind === 'expression' && group.node.kind === 'Dict' ? [group.node] : [])),
    )
  })
}

/** What a group says under a key. */
export function groupEntry(model: Model, group: ast.Dict, name: string): ast.Expression | undefined {
  return group.values[group.keys.findIndex(key => key && model.constant(key) === name)]
}

/** What the constructor says for all groups, or its default. */
function setting(model: Model, { call, fact }: OptimizerCreation, name: string): number | string | null {
  const parameter = fact.parameters.find(each => each.name === name)
  if (!parameter) return null
  const argument = model.argument(call, name, parameter.position)
  if (argument.kind === 'given') return settingOf(model, argument.value)
  return argument.kind === 'absent' ? Number(parameter.default) : null
}

function settingOf(model: Model, expression: ast.Expression): number | string {
  const constant = model.constant(expression)
  return typeof constant === 'number' ? constant : textOf(model, expression)
}
