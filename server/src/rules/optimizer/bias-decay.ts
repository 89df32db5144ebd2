import { nameOf } from '../../torch/names.ts'
import { optimizerCreations } from '../../torch/optimizers.ts'
import { uniformDecay } from '../../torch/weightDecay.ts'
import { splitByDimensions } from '../decayGroups.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'info',
  since: '0.1.0',
  messages: {
    decaysAll: {
      en: '`{optimizer}` decays every parameter of `{model}`, its biases and normalization layers included',
      zh: '`{optimizer}` 对 `{model}` 的所有参数都做权重衰减，包括偏置和归一化层',
    },
    split: {
      en: 'Split into two parameter groups: only parameters with `ndim >= 2` decay',
      zh: '分成两个参数组：只对 `ndim >= 2` 的参数做权重衰减',
    },
  },
  *check(model) {
    for (const creation of optimizerCreations(model)) {
      const decay = uniformDecay(model, creation)
      if (!decay) continue
      const { expression } = decay.source
      const edits = splitByDimensions(model, creation, decay)
      yield {
        message: 'decaysAll',
        at: creation.call,
        optimizer: nameOf(model, creation.call) ?? creation.className,
        model: model.text.slice(expression.start, expression.end),
        fix: edits && { message: 'split', safe: false, edits },
      }
    }
  },
})
