import { textOf } from '../../torch/names.ts'
import { nonMatrices } from '../../torch/nonMatrices.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    rejects: {
      en: '`{optimizer}` takes matrices only, and `{model}` has other parameters: it raises a ValueError',
      zh: '`{optimizer}` 只接受矩阵，而 `{model}` 里还有其他参数：会抛出 ValueError',
    },
    layer: {
      en: '`{layer}` has parameters that are not matrices',
      zh: '`{layer}` 的参数不全是矩阵',
    },
  },
  *check(model) {
    for (const { creation, parameters, module, layer } of nonMatrices(model))
      yield {
        message: 'rejects',
        at: parameters,
        optimizer: textOf(model, creation.call.func),
        model: textOf(model, module),
        related: [{ message: 'layer', at: layer, layer: textOf(model, layer.kind === 'Call' ? layer.func : layer) }],
      }
  },
})
