import { textOf } from '../../torch/names.ts'
import { inheritedDecays } from '../../torch/noDecayGroups.ts'
import { appendEntry } from '../dictEntry.ts'
import { quoteOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    inherits: {
      en: 'This group is meant not to decay, but has no `weight_decay` and takes `{decay}` from `{optimizer}`',
      zh: '这个参数组本不该衰减，却没有写 `weight_decay`，于是沿用了 `{optimizer}` 的 `{decay}`',
    },
    exempt: { en: 'Add `{entry}`', zh: '加上 `{entry}`' },
  },
  *check(model) {
    const quote = quoteOf(model)
    const entry = `${quote}weight_decay${quote}: 0.0`
    for (const { group, creation, decay } of inheritedDecays(model))
      yield {
        message: 'inherits',
        at: group,
        decay,
        optimizer: textOf(model, creation.call.func),
        fix: { message: 'exempt', entry, safe: true, edits: appendEntry(model, group, entry) },
      }
  },
})
