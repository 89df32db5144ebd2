import { keptGraphs } from '../../torch/keptGraphs.ts'
import { textOf } from '../../torch/names.ts'
import { isTensor } from '../../torch/tensors.ts'
import { detached } from '../detaching.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'memory',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    activations: {
      en: '`{container}` keeps the graph of every `{value}`, activations included: memory grows with each iteration',
      zh: '`{container}` 保留了每个 `{value}` 的计算图，连同激活值：显存每次迭代都在增长',
    },
    nodes: {
      en: '`{container}` keeps the graph of every `{value}`, although no later backward pass needs it',
      zh: '`{container}` 保留了每个 `{value}` 的计算图，而之后的反向传播并不需要它',
    },
    detach: { en: 'Keep it without its graph: `{replacement}`', zh: '去掉计算图再保存：`{replacement}`' },
  },
  *check(model) {
    for (const found of keptGraphs(model)) {
      if (found.kind !== 'stored') continue
      const { value, container, isFreed } = found
      const { replacement, edits } = detached(model, found)
      yield {
        at: value,
        message: isFreed ? 'nodes' : 'activations',
        container: textOf(model, container),
        value: textOf(model, value),
        // What a model returns may be more than one tensor.
        fix: { message: 'detach', replacement, safe: isTensor(model, value) === 'yes', edits },
      }
    }
  },
})
