import { misfitInputs } from '../../torch/lossInputs.ts'
import { textOf } from '../../torch/names.ts'
import { replaceCriterion, takeLogarithm } from '../activationRepair.ts'
import { inOrder } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    probabilities: {
      en: '`{loss}` takes log-probabilities, and `{input}` holds probabilities: the loss lies between -1 and 0',
      zh: '`{loss}` 要求输入对数概率，而 `{input}` 是概率：损失只会在 -1 到 0 之间',
    },
    logits: {
      en: '`{loss}` takes log-probabilities, and `{input}` holds logits: the loss falls without bound',
      zh: '`{loss}` 要求输入对数概率，而 `{input}` 是 logits：损失会无限下降',
    },
    origin: { en: 'The last step is `{origin}`', zh: '最后一步是 `{origin}`' },
    logarithm: { en: 'Take the logarithm: log-softmax', zh: '取对数：改用 log-softmax' },
    replace: { en: 'Use `{other}`', zh: '改用 `{other}`' },
  },
  *check(model) {
    for (const found of misfitInputs(model, 'NLLLoss', ['softmax', 'logits'])) {
      const { input, origin } = found
      const isLogits = found.activation === 'logits'
      const logarithm = isLogits ? undefined : takeLogarithm(model, found)
      const names = { class: 'CrossEntropyLoss', function: 'cross_entropy' }
      const other = isLogits ? replaceCriterion(model, found, names) : undefined
      yield {
        message: isLogits ? 'logits' : 'probabilities',
        at: input,
        loss: textOf(model, found.call.func),
        input: textOf(model, input),
        related: origin === input ? [] : [{ message: 'origin', at: origin, origin: textOf(model, origin) }],
        fix: logarithm
          ? { message: 'logarithm', safe: false, edits: logarithm }
          : other && { message: 'replace', other: other.text, safe: false, edits: inOrder(other.edits) },
      }
    }
  },
})
