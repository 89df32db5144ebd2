import { textOf } from '../../torch/names.ts'
import { implicitSoftmaxes } from '../../torch/softmax.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    implicit: {
      en: '`{softmax}` without `dim` lets PyTorch guess the dimension: 0 for inputs of 1 or 3 dimensions, else 1',
      zh: '`{softmax}` 没有指定 `dim`，由 PyTorch 猜测维度：1 维和 3 维输入取 0，其余取 1',
    },
  },
  *check(model) {
    for (const call of implicitSoftmaxes(model))
      yield { message: 'implicit', at: call, softmax: textOf(model, call.func) }
  },
})
