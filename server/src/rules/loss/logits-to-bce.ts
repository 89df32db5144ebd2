import { misfitInputs } from '../../torch/lossInputs.ts'
import { textOf } from '../../torch/names.ts'
import { replaceCriterion } from '../activationRepair.ts'
import { inOrder } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    logits: {
      en: '`{loss}` takes probabilities, and `{input}` has had no sigmoid: it raises for values outside of 0 to 1',
      zh: '`{loss}` 要求输入概率，而 `{input}` 没有经过 sigmoid：取值超出 0 到 1 就会报错',
    },
    origin: { en: 'The last step is `{origin}`', zh: '最后一步是 `{origin}`' },
    replace: { en: 'Use `{other}`', zh: '改用 `{other}`' },
  },
  *check(model) {
    for (const found of misfitInputs(model, 'BCELoss', ['logits', 'logSoftmax'])) {
      const names = { class: 'BCEWithLogitsLoss', function: 'binary_cross_entropy_with_logits' }
      const other = found.activation === 'logits' ? replaceCriterion(model, found, names) : undefined
      yield {
        message: 'logits',
        at: found.input,
        loss: textOf(model, found.call.func),
        input: textOf(model, found.input),
        related:
          found.origin === found.input
            ? []
            : [{ message: 'origin', at: found.origin, origin: textOf(model, found.origin) }],
        fix: other && { message: 'replace', other: other.text, safe: false, edits: inOrder(other.edits) },
      }
    }
  },
})
