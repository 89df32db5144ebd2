import { discardedResults } from '../../torch/discardedResults.ts'
import { textOf } from '../../torch/names.ts'
import { insertion } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    discarded: {
      en: '`{call}` returns a new tensor, which is dropped: `{tensor}` stays as it was',
      zh: '`{call}` 返回的是新张量，而返回值没有保存：`{tensor}` 并没有改变',
    },
    assign: { en: 'Assign the result: `{tensor} = {call}`', zh: '保存返回值：`{tensor} = {call}`' },
  },
  *check(model) {
    for (const { call, tensor, assignment } of discardedResults(model)) {
      const names = { call: textOf(model, call), tensor: tensor.id }
      yield {
        message: 'discarded',
        at: call,
        ...names,
        fix:
          assignment === 'harmful'
            ? undefined
            : {
                message: 'assign',
                ...names,
                safe: assignment === 'meant',
                edits: [insertion(call.start, `${tensor.id} = `)],
              },
      }
    }
  },
})
