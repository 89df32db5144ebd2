import { textOf } from '../../torch/names.ts'
import { steppedChildren } from '../../torch/steppedChildren.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    twice: {
      en: '`{combined}` steps `{child}` already: stepped here too, `{child}` runs ahead of its schedule',
      zh: '`{combined}` 已经会调用 `{child}` 的 `step`：这里再调用一次，`{child}` 的进度就会超前',
    },
    combined: { en: '`{combined}` steps it here', zh: '`{combined}` 在这里调用它的 `step`' },
  },
  *check(model) {
    for (const found of steppedChildren(model)) {
      const combined = textOf(model, found.combined.scheduler)
      yield {
        at: found.child.call,
        message: 'twice',
        child: textOf(model, found.child.scheduler),
        combined,
        related: [{ at: found.combined.call, message: 'combined', combined }],
      }
    }
  },
})
