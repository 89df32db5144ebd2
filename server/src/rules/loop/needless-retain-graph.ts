import { needlessRetains } from '../../torch/gradients/retained.ts'
import { textOf } from '../../torch/names.ts'
import { deleteArgument } from '../arguments.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'memory',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    retained: {
      en: '`{argument}` keeps a graph that is never backpropagated again',
      zh: '`{argument}` 保留了之后不再用于反向传播的计算图',
    },
    remove: { en: 'Remove `{argument}`', zh: '删去 `{argument}`' },
  },
  *check(model) {
    for (const { call, argument: node } of needlessRetains(model)) {
      const argument = textOf(model, node)
      yield {
        at: node,
        message: 'retained',
        argument,
        fix: { message: 'remove', argument, safe: true, edits: [deleteArgument(model, call, node)] },
      }
    }
  },
})
