import { permanentDropouts } from '../../torch/functionalDropout.ts'
import { textOf } from '../../torch/names.ts'
import { appendArgument } from '../arguments.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    permanent: {
      en: '`{dropout}` without `training={self}.training` drops values in evaluation too',
      zh: '`{dropout}` 没有传入 `training={self}.training`，评估时也会丢弃',
    },
    pass: { en: 'Pass `training={self}.training`', zh: '传入 `training={self}.training`' },
  },
  *check(model) {
    for (const { call, self } of permanentDropouts(model))
      yield {
        at: call,
        message: 'permanent',
        dropout: textOf(model, call.func),
        self,
        fix: {
          message: 'pass',
          self,
          safe: true,
          edits: [appendArgument(model, call, `training=${self}.training`)],
        },
      }
  },
})
