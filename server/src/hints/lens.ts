/** What stands above a training loop: its protocol, the batch that one step sees, and how often the scheduler steps. */
import type { Message, Range } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import { effectiveBatches } from '../torch/effectiveBatches.ts'
import type { EventKind } from '../torch/events.ts'
import { type TrainingLoop, trainingLoops } from '../torch/loops.ts'
import { textOf } from '../torch/names.ts'
import { creationsOf } from '../torch/optimizers.ts'
import { participantsOf } from '../torch/participants.ts'
import { remember } from '../torch/remember.ts'
import { loopsBetween } from '../torch/repetition.ts'
import { rhythmOf } from '../torch/rhythm.ts'
import { steppings } from '../torch/stepping.ts'
import { batchOf } from './effectiveBatch.ts'
import { protocolLine } from './protocolLine.ts'

export interface Lens extends Range {
  readonly text: Message
  /** The page that explains the most of it. */
  readonly page: string
}

export const lensesOf = remember((model: Model): readonly Lens[] =>
  trainingLoops(model).flatMap(loop => {
    const has = (kind: EventKind) => loop.events.some(event => event.kind === kind)
    if (loop.level !== 'batch' || loop.role !== 'training' || !has('backward') || !has('step')) return []
    const { node } = loop
    const protocol = protocolLine(model, loop)
    if (!protocol) return []
    const batch = effectiveBatches(model).find(each => each.loop === node)
    const tail = [batch && batchOf(batch), schedulerOf(model, loop)].filter(part => part !== undefined)
    const render = (language: keyof Message) => [protocol[language], ...tail.map(part => part[language])].join(' · ')
    const page = pageOf(loop, protocol, batch?.accumulation !== undefined, tail.length > 0)
    return [{ start: node.start, end: node.start + 3, text: { en: render('en'), zh: render('zh') }, page }]
  }),
)

function pageOf({ events }: TrainingLoop, { en }: Message, accumulates: boolean, counts: boolean): string {
  if (events.some(({ kind }) => kind === 'scale') || en.includes('autocast')) return 'concepts/mixed-precision'
  if (accumulates) return 'concepts/gradient-accumulation'
  return counts ? 'concepts/epochs-and-steps' : 'torch.optim.Optimizer'
}

/** How often the scheduler of the loop's optimizer steps, where that does not stand in the loop itself. */
function schedulerOf(model: Model, loop: TrainingLoop): Message | undefined {
  if (loop.events.some(({ kind }) => kind === 'scheduler_step')) return undefined
  const [stepped, ...others] = participantsOf(loop, node => textOf(model, node)).optimizers
  const [creation, ...alternatives] = (stepped && others.length === 0 && creationsOf(model, stepped)) || []
  if (!creation || alternatives.length > 0) return undefined
  const isOwn = (optimizer: Parameters<typeof creationsOf>[1] | undefined) =>
    optimizer !== undefined && creationsOf(model, optimizer)?.every(({ call }) => call === creation.call) === true
  const [found, ...more] = steppings(model).filter(each => isOwn(each.creation.optimizer))
  if (!found || more.length > 0) return undefined
  const [epoch] = found.loops
  const runsInIt = epoch && loopsBetween(model, loop.node, epoch.node, 0) !== undefined
  return runsInIt && rhythmOf(model, found)?.unit === 'epoch' ? perEpoch : undefined
}

const perEpoch: Message = { en: 'scheduler steps once per epoch', zh: '调度器每个轮次一步' }
