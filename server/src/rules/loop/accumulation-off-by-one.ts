import { textOf } from '../../torch/names.ts'
import { shortWindows } from '../../torch/shortWindows.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'info',
  since: '0.1.0',
  messages: {
    short: {
      en: '`{counter}` counts from 0, so the first step already follows the first batch: ask for `{replacement}`',
      zh: '`{counter}` 从 0 开始计数，第一个批次之后就会更新一次：应写成 `{replacement}`',
    },
    step: { en: 'This step is meant for several batches', zh: '这一步本来是为几个批次一起做的' },
    shift: { en: 'Write `{replacement}`', zh: '改为 `{replacement}`' },
  },
  *check(model) {
    for (const { counter, test, step } of shortWindows(model)) {
      const name = textOf(model, counter)
      const replacement = `(${name} + 1) % ${textOf(model, test.every)} == 0`
      yield {
        at: test.compare,
        message: 'short',
        counter: name,
        replacement,
        related: [{ at: step, message: 'step' }],
        fix: { message: 'shift', replacement, safe: false, edits: [replace(counter, `(${name} + 1)`)] },
      }
    }
  },
})
