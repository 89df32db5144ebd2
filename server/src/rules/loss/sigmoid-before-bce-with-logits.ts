import { misfitInputs } from '../../torch/lossInputs.ts'
import { textOf } from '../../torch/names.ts'
import { dropActivation } from '../activationRepair.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    probabilities: {
      en: '`{loss}` applies sigmoid itself: `{input}` holds probabilities already, and the loss cannot come near 0',
      zh: '`{loss}` 自己会做 sigmoid，而 `{input}` 已经是概率：损失降不到接近 0',
    },
    sigmoid: { en: '`{sigmoid}` makes the probabilities', zh: '`{sigmoid}` 得到的是概率' },
    drop: { en: 'Remove the sigmoid', zh: '去掉这个 sigmoid' },
  },
  *check(model) {
    for (const found of misfitInputs(model, 'BCEWithLogitsLoss', ['sigmoid'])) {
      const edits = dropActivation(model, found)
      yield {
        message: 'probabilities',
        at: found.input,
        loss: textOf(model, found.call.func),
        input: textOf(model, found.input),
        related:
          found.origin === found.input
            ? []
            : [{ message: 'sigmoid', at: found.origin, sigmoid: textOf(model, found.origin) }],
        fix: edits && { message: 'drop', safe: false, edits },
      }
    }
  },
})
