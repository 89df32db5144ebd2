import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { type MisplacedStep, stepsPerEpoch } from '../../torch/misplacedSchedulerSteps.ts'
import { textOf } from '../../torch/names.ts'
import { moveAfter } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    counted: {
      en: '`{scheduler}` steps once per epoch, but `{argument}` counts batches: it never leaves the start of its schedule',
      zh: '`{scheduler}` 每个 epoch 才调用一次 `step`，而 `{argument}` 是按批次计的：它会一直停在调度的开头',
    },
    made: { en: 'the scheduler is made here', zh: '此处创建学习率调度器' },
    move: { en: 'Move `{step}` behind the optimizer’s step', zh: '把 `{step}` 移到优化器的 `step` 之后' },
  },
  *check(model) {
    for (const found of stepsPerEpoch(model)) {
      const { creation, step } = found.stepping
      const { argument, parameter } = found
      yield {
        at: step.call,
        message: 'counted',
        scheduler: textOf(model, step.scheduler),
        argument: `${parameter}=${argument ? textOf(model, argument) : '2000'}`,
        related: [{ at: creation.call, message: 'made' }],
        fix: fixOf(model, found),
      }
    }
  },
})

/** Behind the step of the optimizer, or of the scaler's update, in the one batch loop that stands before it. */
function fixOf(model: Model, { stepping }: MisplacedStep) {
  const { step, loops } = stepping
  const epoch = loops[0]?.node
  const statement = step.call.parent
  if (!epoch || statement?.kind !== 'Expr' || statement.parent !== epoch || epoch.body.length < 2) return undefined
  const [batch, ...others] = model.nodes('For', epoch).filter(loop => loop.parent === epoch && trains(model, loop))
  const target = batch && optimizerStep(model, batch)
  if (!target || others.length > 0) return undefined
  const edits = moveAfter(model, step.call, target)
  return { message: 'move', step: textOf(model, step.call), safe: false, edits } as const
}

const trains = (model: Model, loop: ast.For): boolean => optimizerStep(model, loop) !== undefined

/** The last statement of the loop's own that is called `step` or `update`. */
function optimizerStep(model: Model, loop: ast.For): ast.Call | undefined {
  const isOwn = (call: ast.Call) => call.parent?.kind === 'Expr' && call.parent.parent === loop
  const isStep = ({ func }: ast.Call) => func.kind === 'Attribute' && (func.attr === 'step' || func.attr === 'update')
  const calls = model.nodes('Call', loop).filter(call => isOwn(call) && isStep(call))
  return calls.some(({ func }) => func.kind === 'Attribute' && func.attr === 'step') ? calls.at(-1) : undefined
}
