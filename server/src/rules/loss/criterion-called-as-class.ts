import { textOf } from '../../torch/names.ts'
import { uncalledCriteria } from '../../torch/uncalledCriteria.ts'
import { insertion } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    constructed: {
      en: '`{loss}(…)` makes a criterion and computes no loss: call the criterion, as in `{loss}()(…)`',
      zh: '`{loss}(…)` 只是创建损失函数对象，并没有计算损失：应当再调用这个对象，写成 `{loss}()(…)`',
    },
    call: { en: 'Call `{loss}()`', zh: '改为调用 `{loss}()`' },
  },
  *check(model) {
    for (const call of uncalledCriteria(model)) {
      const loss = textOf(model, call.func)
      // Keywords such as `reduction` belong to the constructor, `input` and `target` to the call.
      const isMixed = call.keywords.some(({ arg }) => arg !== 'input' && arg !== 'target')
      yield {
        message: 'constructed',
        at: call,
        loss,
        fix: isMixed ? undefined : { message: 'call', loss, safe: true, edits: [insertion(call.argumentsStart, '()')] },
      }
    }
  },
})
