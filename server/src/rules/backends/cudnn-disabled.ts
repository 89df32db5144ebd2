import { disabledCudnn } from '../../torch/disabledCudnn.ts'
import { textOf } from '../../torch/names.ts'
import { deleteStatement } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'performance',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    disabled: {
      en: '`{flag}` makes this training slow: convolutions and recurrent layers run without cuDNN',
      zh: '`{flag}` 会拖慢训练：卷积层和循环层都不再使用 cuDNN',
    },
    remove: { en: 'Remove `{flag}`', zh: '删除 `{flag}`' },
  },
  *check(model) {
    for (const assignment of disabledCudnn(model)) {
      const flag = textOf(model, assignment)
      const edits = assignment.targets.length === 1 ? deleteStatement(model, assignment) : undefined
      yield { at: assignment, message: 'disabled', flag, fix: edits && { message: 'remove', flag, safe: false, edits } }
    }
  },
})
