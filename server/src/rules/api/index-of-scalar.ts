import { textOf } from '../../torch/names.ts'
import { isProbe } from '../../torch/probes.ts'
import { scalarIndices } from '../../torch/zeroDimensional.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    indexed: {
      en: '`{index}` raises an IndexError: `{tensor}` is a single number without dimensions',
      zh: '`{index}` 会抛出 IndexError：`{tensor}` 是零维张量，只有一个数',
    },
    item: { en: 'Replace with `{item}`', zh: '替换为 `{item}`' },
  },
  *check(model) {
    for (const { node, tensor } of scalarIndices(model)) {
      if (isProbe(model, node)) continue
      const { kind } = tensor
      const text = textOf(model, tensor)
      const item = `${kind === 'BinOp' || kind === 'UnaryOp' ? `(${text})` : text}.item()`
      const fix = { message: 'item', item, safe: true, edits: [replace(node, item)] } as const
      yield { message: 'indexed', at: node, index: textOf(model, node), tensor: text, fix }
    }
  },
})
