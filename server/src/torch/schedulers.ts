import type { Certainty, Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { schedulers } from './facts/schedulers.ts'
import { remember } from './remember.ts'

/** Does the expression denote a learning-rate scheduler of PyTorch, or of a class of the file that derives from one? */
export function isScheduler(model: Model, expression: ast.Expression): Certainty {
  return model.isInstance(expression, 'torch.optim.lr_scheduler.LRScheduler')
}

export interface SchedulerCreation {
  readonly call: ast.Call
  /** `MultiStepLR`. */
  readonly className: string
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
    const position = schedulers[className]?.parameters.findIndex(({ name }) => name === 'optimizer')
    if (position === undefined) return []
    const optimizer = model.argument(call, 'optimizer', position)
    return [{ call, className, optimizer: optimizer.kind === 'given' ? optimizer.value : undefined }]
  })
})
