/** What belongs to a loop: what it runs over, and the objects that its events are about. */
import type * as ast from '../syntax/ast.ts'
import { calledModule, type EventKind, type TrainingEvent } from './events.ts'
import type { TrainingLoop } from './loops.ts'
import { methodCall } from './usage.ts'

export interface Participants {
  /** `train_loader` of `for i, (x, y) in enumerate(tqdm(train_loader))`; undefined for a `while` loop. */
  readonly source: ast.Expression | undefined
  /** Each as it is written where it is used first. */
  readonly models: readonly ast.Expression[]
  readonly criteria: readonly ast.Expression[]
  readonly optimizers: readonly ast.Expression[]
  readonly schedulers: readonly ast.Expression[]
}

export function participantsOf({ node, events }: TrainingLoop, text: (node: ast.Node) => string): Participants {
  const objects = (kind: EventKind, objectOf: (call: ast.Call) => ast.Expression | undefined) => {
    const found = new Map<string, ast.Expression>()
    for (const event of events.filter(each => each.kind === kind)) {
      const object = objectOf(event.call)
      if (object && !found.has(text(object))) found.set(text(object), object)
    }
    return [...found.values()]
  }
  return {
    source: node.kind === 'For' ? unwrapped(node.iter) : undefined,
    models: objects('forward', calledModule),
    criteria: objects('loss', ({ func }) => func),
    optimizers: objects('step', call => stepped(events, call)),
    schedulers: objects('scheduler_step', call => methodCall(call)?.receiver),
  }
}

/** `optimizer` of `optimizer.step()` and of `scaler.step(optimizer)`. */
function stepped(events: readonly TrainingEvent[], call: ast.Call): ast.Expression | undefined {
  const [first] = call.args
  const receiver = methodCall(call)?.receiver
  const isScaled = first?.kind === 'Name' || first?.kind === 'Attribute' || first?.kind === 'Subscript'
  return isScaled && events.some(({ kind }) => kind === 'scale' || kind === 'update') ? first : receiver
}

const wrapping: ReadonlySet<string> = new Set(['enumerate', 'tqdm', 'iter', 'track'])

/** What `enumerate` and a progress bar give is what they are given. */
function unwrapped(iterable: ast.Expression): ast.Expression {
  if (iterable.kind !== 'Call') return iterable
  const { func } = iterable
  const name = func.kind === 'Name' ? func.id : func.kind === 'Attribute' ? func.attr : ''
  const [first] = iterable.args
  return first && wrapping.has(name) ? unwrapped(first) : iterable
}
