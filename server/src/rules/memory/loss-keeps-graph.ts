import { keptGraphs } from '../../torch/keptGraphs.ts'
import { textOf } from '../../torch/names.ts'
import { detached } from '../detaching.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'memory',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    activations: {
      en: '`{total}` keeps the graph of every `{value}` added to it, activations included: memory grows with each iteration until it runs out',
      zh: '`{total}` 保留了每次加进来的 `{value}` 的计算图，连同激活值：显存每次迭代都在增长，直到耗尽',
    },
    nodes: {
      en: '`{total}` keeps the graph of every `{value}` added to it',
      zh: '`{total}` 保留了每次加进来的 `{value}` 的计算图',
    },
    item: { en: 'Add the number: `{replacement}`', zh: '只累加数值：`{replacement}`' },
    detach: { en: 'Add it without its graph: `{replacement}`', zh: '去掉计算图再累加：`{replacement}`' },
  },
  *check(model) {
    for (const found of keptGraphs(model)) {
      if (found.kind !== 'added') continue
      const { value, container, isFreed } = found
      const { method, replacement, edits } = detached(model, found)
      yield {
        at: value,
        message: isFreed ? 'nodes' : 'activations',
        severity: isFreed ? 'info' : 'warning',
        total: textOf(model, container),
        value: textOf(model, value),
        fix: { message: method, replacement, safe: true, edits },
      }
    }
  },
})
