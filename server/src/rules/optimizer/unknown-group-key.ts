import { unknownGroupKeys } from '../../torch/groupKeys.ts'
import { textOf } from '../../torch/names.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    unknown: {
      en: '`{optimizer}` has no setting `{name}`: the parameter group keeps it in silence, and it has no effect',
      zh: '`{optimizer}` 没有 `{name}` 这个设置：参数组会保留它且不报错，但它不起任何作用',
    },
    rename: { en: 'Replace with `{meant}`', zh: '替换为 `{meant}`' },
  },
  *check(model) {
    for (const { key, name, creation, meant, isSlip } of unknownGroupKeys(model)) {
      const quote = textOf(model, key).at(-1) ?? '"'
      const edits = [replace(key, `${quote}${meant}${quote}`)]
      yield {
        message: 'unknown',
        at: key,
        optimizer: textOf(model, creation.call.func),
        name,
        fix: meant === undefined ? undefined : { message: 'rename', meant, safe: isSlip, edits },
      }
    }
  },
})
