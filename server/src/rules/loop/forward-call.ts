import { forwardCalls } from '../../torch/forwardCalls.ts'
import { textOf } from '../../torch/names.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'info',
  since: '0.1.0',
  messages: {
    direct: {
      en: '`{forward}(…)` skips the hooks of `{module}`: call `{module}(…)`',
      zh: '`{forward}(…)` 会跳过 `{module}` 上的钩子（hook）：应当调用 `{module}(…)`',
    },
    call: { en: 'Call `{module}(…)`', zh: '改为调用 `{module}(…)`' },
  },
  *check(model) {
    for (const node of forwardCalls(model)) {
      const module = textOf(model, node.value).replace(/\s+/g, ' ')
      const start =
        node.value.end + (/^(?:\s*(?:#.*|\)))*/.exec(model.text.slice(node.value.end, node.attrStart))?.[0].length ?? 0)
      yield {
        message: 'direct',
        at: { start: node.attrStart, end: node.end },
        forward: `${module}.${node.attr}`,
        module,
        fix: { message: 'call', module, safe: true, edits: [{ start, end: node.end, text: '' }] },
      }
    }
  },
})
