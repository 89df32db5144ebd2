/** Arguments of schedulers that do not fit each other, the optimizer, or the schedulers inside. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { creationsOf, type OptimizerCreation } from './optimizers.ts'
import { type SchedulerCreation, schedulerArgument, schedulerCreationsOf } from './schedulers.ts'

export type CombinationProblem =
  /** The optimizer has no momentum that could be cycled. */
  | { readonly problem: 'momentum'; readonly optimizer: string }
  /** A list has another length than the optimizer has parameter groups. */
  | {
      readonly problem: 'groups'
      readonly argument: ast.Expression
      readonly parameter: string
      readonly count: number
      readonly groups: number
    }
  /** SequentialLR needs one milestone between each two schedulers. */
  | {
      readonly problem: 'milestones'
      readonly argument: ast.Expression
      readonly count: number
      readonly needed: number
    }
  | { readonly problem: 'plateau'; readonly argument: ast.Expression }

export function combinationProblems(model: Model, creation: SchedulerCreation): readonly CombinationProblem[] {
  switch (creation.className) {
    case 'OneCycleLR':
      return [...momentumProblems(model, creation), ...groupProblems(model, creation, 'max_lr')]
    case 'CyclicLR':
      return momentumProblems(model, creation)
    case 'LambdaLR':
    case 'MultiplicativeLR':
      return groupProblems(model, creation, 'lr_lambda')
    case 'SequentialLR':
      return [...plateauProblems(model, creation), ...milestoneProblems(model, creation)]
    case 'ChainedScheduler':
      return plateauProblems(model, creation)
    default:
      return []
  }
}

function momentumProblems(model: Model, creation: SchedulerCreation): readonly CombinationProblem[] {
  const cycles = schedulerArgument(model, creation, 'cycle_momentum')
  if (cycles === 'unknown' || (cycles && model.constant(cycles) !== true)) return []
  const optimizers = (creation.optimizer && creationsOf(model, creation.optimizer)) ?? []
  const [first] = optimizers
  const hasNone = ({ fact }: OptimizerCreation) =>
    !fact.parameters.some(({ name }) => name === 'momentum' || name === 'betas')
  return first && optimizers.every(hasNone) ? [{ problem: 'momentum', optimizer: first.className }] : []
}

function groupProblems(model: Model, creation: SchedulerCreation, parameter: string): readonly CombinationProblem[] {
  const argument = schedulerArgument(model, creation, parameter)
  if (argument === undefined || argument === 'unknown') return []
  const count = displayed(model, argument)?.length
  const groups = groupCount(model, creation)
  return count !== undefined && groups !== undefined && count !== groups
    ? [{ problem: 'groups', argument, parameter, count, groups }]
    : []
}

/** The number of parameter groups, if the optimizer's constructor shows it and nothing adds one. */
export function groupCount(model: Model, { optimizer }: SchedulerCreation): number | undefined {
  const [creation, ...others] = (optimizer && creationsOf(model, optimizer)) ?? []
  const parameters = creation?.parameters
  if (!parameters || others.length > 0) return undefined
  if (nodesRun(model, 'Attribute').some(({ attr }) => attr === 'add_param_group' || attr === 'param_groups'))
    return undefined
  if (isParametersCall(parameters)) return 1
  const groups = displayed(model, parameters)
  return groups?.every(({ kind }) => kind === 'Dict') ? groups.length : undefined
}

const isParametersCall = ({ kind, ...node }: ast.Expression): boolean =>
  kind === 'Call' && 'func' in node && node.func.kind === 'Attribute' && node.func.attr === 'parameters'

function plateauProblems(model: Model, creation: SchedulerCreation): readonly CombinationProblem[] {
  return (childrenOf(model, creation) ?? []).flatMap(argument => {
    const made = schedulerCreationsOf(model, argument)
    return made?.every(({ fact }) => fact.needsMetric) ? [{ problem: 'plateau', argument }] : []
  })
}

function milestoneProblems(model: Model, creation: SchedulerCreation): readonly CombinationProblem[] {
  const argument = schedulerArgument(model, creation, 'milestones')
  const children = childrenOf(model, creation)
  if (argument === undefined || argument === 'unknown' || !children) return []
  const count = displayed(model, argument)?.length
  const needed = children.length - 1
  return count !== undefined && count !== needed ? [{ problem: 'milestones', argument, count, needed }] : []
}

/** The schedulers that SequentialLR or ChainedScheduler combines, if their list is a display. */
export function childrenOf(model: Model, creation: SchedulerCreation): readonly ast.Expression[] | undefined {
  const schedulers = schedulerArgument(model, creation, 'schedulers')
  return schedulers === undefined || schedulers === 'unknown' ? undefined : displayed(model, schedulers)
}

/** The elements of a list or tuple; of a variable only if the variable is one display that nothing else is done to. */
export function displayed(model: Model, expression: ast.Expression): readonly ast.Expression[] | undefined {
  const display = expression.kind === 'Name' ? sourceOf(model, expression) : expression
  if (display?.kind !== 'List' && display?.kind !== 'Tuple') return undefined
  return display.elements.some(({ kind }) => kind === 'Starred') ? undefined : display.elements
}

function sourceOf(model: Model, name: ast.Name): ast.Expression | undefined {
  const [display, ...others] = model.sources(name)
  const uses = model.nodes('Name').filter(({ id }) => id === name.id)
  const isOnly = others.length === 0 && uses.length === 2 && uses.includes(name)
  const isWhole = display?.parent?.kind === 'Assign' && display.parent.targets.every(({ kind }) => kind === 'Name')
  return isOnly && isWhole ? display : undefined
}
