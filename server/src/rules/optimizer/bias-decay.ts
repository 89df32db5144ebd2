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
      en: '`{optimizer}` decays every parameter of `{model}`, biases and normalization layers included',
      zh: '`{optimizer}` 对 `{model}` 的所有参数都做权重衰减，包括偏置和归一化层',
    },
    decaysBiases: {
      en: '`{optimizer}` decays every parameter of `{model}`, its biases included',
      zh: '`{optimizer}` 对 `{model}` 的所有参数都做权重衰减，包括偏置',
    },
    decaysVectors: {
      en: '`{optimizer}` decays every parameter of `{model}`, also `{name}`, which is no matrix',
      zh: '`{optimizer}` 对 `{model}` 的所有参数都做权重衰减，包括并非矩阵的 `{name}`',
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
      const { source, vectors = [] } = decay
      const edits = splitByDimensions(model, creation, decay)
      const place = {
        at: creation.call,
        optimizer: nameOf(model, creation.call) ?? creation.className,
        model: model.text.slice(source.expression.start, source.expression.end),
        fix: edits && ({ message: 'split', safe: false, edits } as const),
      }
      const areBiases = vectors.every(name => isNamed(name, 'bias'))
      const [name] = vectors
      if (name === undefined || (!areBiases && vectors.every(each => isNamed(each, 'bias') || isNamed(each, 'weight'))))
        yield { message: 'decaysAll', ...place }
      else yield areBiases ? { message: 'decaysBiases', ...place } : { message: 'decaysVectors', name, ...place }
    }
  },
})

/** `layers.0.bias`; the vectors named `weight` are those of normalization layers. */
function isNamed(parameter: string, name: string): boolean {
  return parameter.slice(parameter.lastIndexOf('.') + 1).startsWith(name)
}
