import { doubleDecays } from '../../torch/doubleDecay.ts'
import { nameOf, textOf } from '../../torch/names.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    penalized: {
      en: 'this penalty decays the parameters a second time: `{optimizer}` decays them already',
      zh: '这个惩罚项让参数衰减了两次：`{optimizer}` 已经对它们做了权重衰减',
    },
    decay: { en: 'the decay of `{optimizer}`', zh: '`{optimizer}` 的权重衰减' },
  },
  *check(model) {
    for (const { penalty, creation, decay } of doubleDecays(model)) {
      const optimizer = nameOf(model, creation.call) ?? textOf(model, creation.call.func)
      yield {
        message: 'penalized',
        at: penalty,
        optimizer,
        related: [{ message: 'decay', at: decay ?? creation.call, optimizer }],
      }
    }
  },
})
