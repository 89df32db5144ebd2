import type { Model } from '../../semantic/model.ts'
import { textOf } from '../../torch/names.ts'
import { type LostMilestone, lostMilestones } from '../../torch/scheduleLengths.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    late: {
      en: 'the loops step the scheduler {steps} times: milestone `{milestone}` comes after the last step, and has no effect',
      zh: '循环只会让调度器走 {steps} 步：里程碑 `{milestone}` 在最后一步之后，不起作用',
    },
    later: {
      en: 'milestone `{milestone}` comes after the last step that the loops make, and has no effect',
      zh: '里程碑 `{milestone}` 在循环的最后一步之后，不起作用',
    },
    fraction: {
      en: 'no epoch has the number `{milestone}`: this milestone has no effect',
      zh: '没有编号为 `{milestone}` 的 epoch：这个里程碑不起作用',
    },
    string: {
      en: '`{milestone}` is a string, and epochs are numbers: this milestone has no effect',
      zh: '`{milestone}` 是字符串，而 epoch 是数字：这个里程碑不起作用',
    },
    duplicate: {
      en: 'milestone `{milestone}` stands here twice: the learning rate is multiplied by `gamma` twice at once',
      zh: '里程碑 `{milestone}` 在这里出现了两次：学习率会一次乘上两个 `gamma`',
    },
  },
  *check(model) {
    for (const found of lostMilestones(model)) yield { at: found.milestone, ...messageOf(model, found) }
  },
})

function messageOf(model: Model, { milestone: node, problem, steps }: LostMilestone) {
  const milestone = textOf(model, node)
  if (problem !== 'late') return { message: problem, milestone } as const
  return steps === undefined
    ? ({ message: 'later', milestone } as const)
    : ({ message: 'late', milestone, steps: String(steps) } as const)
}
