import { textOf } from '../../torch/names.ts'
import { uncalledMethods } from '../../torch/uncalledMethods.ts'
import { insertion } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    uncalled: {
      en: '`{method}` without parentheses names the method and does not call it',
      zh: '`{method}` 后面没有括号，只是引用了这个方法，并没有调用它',
    },
    call: { en: 'Call `{method}()`', zh: '改为调用 `{method}()`' },
  },
  *check(model) {
    for (const { node, needsNoArguments } of uncalledMethods(model)) {
      const method = textOf(model, node)
      yield {
        message: 'uncalled',
        at: node,
        method,
        fix: needsNoArguments ? { message: 'call', method, safe: true, edits: [insertion(node.end, '()')] } : undefined,
      }
    }
  },
})
