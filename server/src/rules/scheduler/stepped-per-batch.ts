import type { Model } from '../../semantic/model.ts'
import { type MisplacedStep, stepsPerBatch } from '../../torch/misplacedSchedulerSteps.ts'
import { textOf } from '../../torch/names.ts'
import { moveOut } from '../dedent.ts'
import { moveAfter } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    counted: {
      en: '`{scheduler}` steps once per batch, but `{argument}` counts epochs: its whole schedule passes in the first batches',
      zh: '`{scheduler}` 每个批次调用一次 `step`，而 `{argument}` 是按 epoch 计的：最初几个批次就会走完整个调度',
    },
    patience: {
      en: '`{scheduler}` steps once per batch: its patience of {patience} batches runs out within the first epoch',
      zh: '`{scheduler}` 每个批次调用一次 `step`：它的耐心值（patience）只有 {patience} 个批次，第一个 epoch 之内就会用尽',
    },
    made: { en: 'the scheduler is made here', zh: '此处创建学习率调度器' },
    move: { en: 'Move `{step}` behind the batch loop', zh: '把 `{step}` 移到批次循环之后' },
  },
  *check(model) {
    for (const found of stepsPerBatch(model)) {
      const { creation, step } = found.stepping
      const scheduler = textOf(model, step.scheduler)
      const related = [{ at: creation.call, message: 'made' } as const]
      const { argument, parameter } = found
      const text = argument ? textOf(model, argument) : '10'
      if (parameter === 'patience') yield { at: step.call, message: 'patience', scheduler, patience: text, related }
      else
        yield {
          at: step.call,
          message: 'counted',
          scheduler,
          argument: `${parameter}=${text}`,
          related,
          fix: fixOf(model, found),
        }
    }
  },
})

/** The step can be moved as it is if it is a statement of the loop itself. */
function fixOf(model: Model, { stepping }: MisplacedStep) {
  const { step, loops } = stepping
  const loop = loops[0]?.node
  const statement = step.call.parent
  if (!loop || statement?.kind !== 'Expr' || statement.parent !== loop || loop.body.length < 2) return undefined
  const edits = loop.body.at(-1) === statement ? moveOut(model, loop, statement) : moveAfter(model, statement, loop)
  return edits && ({ message: 'move', step: textOf(model, step.call), safe: false, edits } as const)
}
