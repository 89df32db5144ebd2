/** Schedulers that a script makes and never steps, where it is certain that nobody else can. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isOnlyAsked, looksUpNames, trainsWithin } from './onlyAsked.ts'
import { isProbe } from './probes.ts'
import { type SchedulerCreation, schedulerCreations } from './schedulers.ts'
import { methodCall } from './usage.ts'

export function unsteppedSchedulers(model: Model): readonly SchedulerCreation[] {
  const creations = schedulerCreations(model)
  if (creations.length === 0 || !trainsWithin(model) || looksUpNames(model)) return []
  return creations.filter(
    ({ call, optimizer }) =>
      optimizer && isStepped(model, nameOf(optimizer)) && !isProbe(model, call) && isOnlyAsked(model, call, questions),
  )
}

/** Is something of this name stepped, by itself or through a scaler? An optimizer that never is needs no schedule. */
function isStepped(model: Model, optimizer: string | undefined): boolean {
  return model.nodes('Call').some(call => {
    const step = methodCall(call)
    if (step?.method !== 'step') return false
    return [step.receiver, ...call.args].some(each => optimizer !== undefined && nameOf(each) === optimizer)
  })
}

function nameOf(expression: ast.Expression): string | undefined {
  return expression.kind === 'Name' ? expression.id : expression.kind === 'Attribute' ? expression.attr : undefined
}

/** What a scheduler may be asked without being stepped. */
const questions = new Set(['get_last_lr', 'get_lr', 'last_epoch', 'load_state_dict', 'state_dict'])
