/** Calls on schedulers that PyTorch has replaced: `step(epoch)`, `get_lr()`, `print_lr()`. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isMetric } from './countersAndMetrics.ts'
import { isAtLeast } from './deprecations.ts'
import { type SchedulerCall, type SchedulerCreation, schedulerCalls } from './schedulers.ts'

export type DeprecatedSchedulerCall = SchedulerCall &
  (
    | { readonly kind: 'epoch'; readonly argument: ast.Expression }
    | { readonly kind: 'get_lr' }
    /** `removed`: it raises in the version that the script is meant for. */
    | { readonly kind: 'print_lr'; readonly removed: boolean }
  )

/** `get_last_lr` came with the version that deprecated the epoch and `get_lr()`. */
const getLastSince = '1.4'
const printDeprecated = '2.2'
const printRemoved = '2.7'

export function deprecatedSchedulerCalls(
  model: Model,
  torchVersion: string | undefined,
): readonly DeprecatedSchedulerCall[] {
  const reaches = (version: string) => torchVersion === undefined || isAtLeast(torchVersion, version)
  return schedulerCalls(model).flatMap((call): readonly DeprecatedSchedulerCall[] => {
    if (call.method === 'print_lr')
      return reaches(printDeprecated) ? [{ ...call, kind: 'print_lr', removed: reaches(printRemoved) }] : []
    if (!reaches(getLastSince) || isWithinScheduler(model, call.call)) return []
    if (call.method === 'get_lr') return [{ ...call, kind: 'get_lr' }]
    const argument = call.creations.every(takesDeprecatedEpoch) ? epochOf(model, call) : undefined
    return argument ? [{ ...call, kind: 'epoch', argument }] : []
  })
}

/** The epochs of warm restarts are meant to be passed, and SequentialLR and ChainedScheduler take none. */
function takesDeprecatedEpoch({ className, fact }: SchedulerCreation): boolean {
  return !fact.rejectsEpoch && className !== 'CosineAnnealingWarmRestarts'
}

/** What is passed as the epoch, if it cannot be None. A metric there is another mistake. */
function epochOf(model: Model, { call, creations }: SchedulerCall): ast.Expression | undefined {
  const [first, ...others] = new Set(creations.map(({ fact }) => (fact.needsMetric ? 1 : 0)))
  if (first === undefined || others.length > 0) return undefined
  const argument = model.argument(call, 'epoch', first)
  if (argument.kind !== 'given' || isMetric(argument.value)) return undefined
  const mayBeNone = model
    .values(argument.value)
    .some(value => value.kind === 'expression' && value.node.kind === 'Constant' && value.node.type === 'None')
  return mayBeNone ? undefined : argument.value
}

/** A scheduler that is built around another one may ask it for what is its own business. */
function isWithinScheduler(model: Model, node: ast.Node): boolean {
  for (let at = node.parent; at; at = at.parent)
    if (
      at.kind === 'ClassDef' &&
      at.bases.some(base => /^torch\.optim\.lr_scheduler\./.test(model.qualifiedName(base) ?? ''))
    )
      return true
  return false
}
