import type { Certainty, Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type SchedulerFact, schedulers } from './facts/schedulers.ts'
import { remember } from './remember.ts'
import { isNone, methodCall } from './usage.ts'

/** Does the expression denote a learning-rate scheduler of PyTorch, or of a class of the file that derives from one? */
export function isScheduler(model: Model, expression: ast.Expression): Certainty {
  return model.isInstance(expression, 'torch.optim.lr_scheduler.LRScheduler')
}

export interface SchedulerCreation {
  readonly call: ast.Call
  /** `MultiStepLR`. */
  readonly className: string
  readonly fact: SchedulerFact
  readonly optimizer: ast.Expression | undefined
}

/** Every scheduler of PyTorch that the script makes, in source order. */
export const schedulerCreations = remember((model: Model): readonly SchedulerCreation[] => {
  const names = Object.keys(schedulers).flatMap(name => [
    `torch.optim.lr_scheduler.${name}`,
    `torch.optim.swa_utils.${name}`,
  ])
  return model.calls(names).flatMap(call => {
    const callee = model.callee(call)
    const className = callee.kind === 'symbol' ? callee.name.slice(callee.name.lastIndexOf('.') + 1) : ''
    const fact = Object.hasOwn(schedulers, className) ? schedulers[className] : undefined
    if (!fact) return []
    const optimizer = schedulerArgument(model, { call, fact }, 'optimizer')
    return [{ call, className, fact, optimizer: optimizer === 'unknown' ? undefined : optimizer }]
  })
})

/** What the constructor is passed for a parameter; undefined if nothing. */
export function schedulerArgument(
  model: Model,
  { call, fact }: Pick<SchedulerCreation, 'call' | 'fact'>,
  name: string,
): ast.Expression | 'unknown' | undefined {
  const argument = model.argument(call, name, fact.parameters.find(each => each.name === name)?.position)
  return argument.kind === 'given' ? argument.value : argument.kind === 'unknown' ? 'unknown' : undefined
}

/** The calls that may have made the scheduler, all of them PyTorch's own; undefined if one origin is not visible. */
export function schedulerCreationsOf(
  model: Model,
  expression: ast.Expression,
): readonly SchedulerCreation[] | undefined {
  const values = model.values(expression).filter(value => !isNone(value))
  const creations = values.map(value =>
    schedulerCreations(model).find(({ call }) => value.kind === 'instance' && value.creation === call),
  )
  const known = creations.filter(creation => creation !== undefined)
  return known.length > 0 && known.length === creations.length ? known : undefined
}

/** A method called on a scheduler whose every origin is visible. */
export interface SchedulerCall {
  readonly call: ast.Call
  readonly method: string
  readonly scheduler: ast.Expression
  readonly creations: readonly SchedulerCreation[]
}

/** Every such call, in source order. */
export const schedulerCalls = remember((model: Model): readonly SchedulerCall[] => {
  if (schedulerCreations(model).length === 0) return []
  return model.nodes('Call').flatMap(call => {
    const method = methodCall(call)
    if (!method || !methodNames.has(method.method)) return []
    const creations = schedulerCreationsOf(model, method.receiver)
    return creations ? [{ call, method: method.method, scheduler: method.receiver, creations }] : []
  })
})

const methodNames = new Set(['step', 'get_lr', 'print_lr'])
