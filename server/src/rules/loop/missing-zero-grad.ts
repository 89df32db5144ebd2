import { gradientViolations } from '../../torch/gradients.ts'
import { textOf } from '../../torch/names.ts'
import { insertAfter } from '../edits.ts'
import { gradientMessages, placesOf } from '../gradientPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    ...gradientMessages,
    uncleared: {
      en: '`{optimizer}` steps with gradients that pile up: nothing clears them between two steps',
      zh: '`{optimizer}` 更新时用的是越积越多的梯度：两次更新之间没有清零',
    },
    insert: { en: 'Insert `{optimizer}.zero_grad()` after the step', zh: '在更新之后插入 `{optimizer}.zero_grad()`' },
  },
  *check(model) {
    for (const { at, optimizer: object, related } of gradientViolations(model, 'loop/missing-zero-grad')) {
      if (!object) continue
      const optimizer = textOf(model, object)
      yield {
        at: at.call,
        message: 'uncleared',
        optimizer,
        related: placesOf(related),
        fix: {
          message: 'insert',
          optimizer,
          safe: false,
          edits: insertAfter(model, at.call, [`${optimizer}.zero_grad()`]),
        },
      }
    }
  },
})
