import { comparedFlags } from '../../torch/comparedFlags.ts'
import { textOf } from '../../torch/names.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    compared: {
      en: '`{comparison}` only compares: `{flag}` stays as it was',
      zh: '`{comparison}` 只是比较，`{flag}` 的值不会改变',
    },
    assign: { en: 'Assign with `=`', zh: '改用 `=` 赋值' },
  },
  *check(model) {
    for (const { statement, flag, operator } of comparedFlags(model))
      yield {
        message: 'compared',
        at: statement,
        comparison: textOf(model, statement),
        flag: textOf(model, flag),
        fix: operator && { message: 'assign', safe: true, edits: [replace(operator, '=')] },
      }
  },
})
