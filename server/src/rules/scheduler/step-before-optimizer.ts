import { earlySchedulerSteps } from '../../torch/earlySchedulerSteps.ts'
import { textOf } from '../../torch/names.ts'
import { isProbe } from '../../torch/probes.ts'
import { moveAfter } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    early: {
      en: '`{scheduler}` steps before `{optimizer}` does: nothing is trained with the first learning rate of the schedule',
      zh: '`{scheduler}` 的 `step` 先于 `{optimizer}` 的调用：调度中的第一个学习率不会用于训练',
    },
    optimizer: { en: '`{optimizer}` steps here', zh: '`{optimizer}` 在此处执行 `step`' },
    move: { en: 'Move `{step}` behind the optimizer’s step', zh: '把 `{step}` 移到优化器的 `step` 之后' },
  },
  *check(model) {
    for (const { stepping, optimizerStep, later } of earlySchedulerSteps(model)) {
      const { creation, step } = stepping
      if (isProbe(model, step.call) || !creation.optimizer) continue
      const optimizer = textOf(model, creation.optimizer)
      yield {
        at: step.call,
        message: 'early',
        scheduler: textOf(model, step.scheduler),
        optimizer,
        related: [{ at: optimizerStep, message: 'optimizer', optimizer }],
        fix: {
          message: 'move',
          step: textOf(model, step.call),
          safe: false,
          edits: moveAfter(model, step.call, later),
        },
      }
    }
  },
})
