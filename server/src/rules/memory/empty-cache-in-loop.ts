import { emptiedCaches } from '../../torch/emptiedCaches.ts'
import { textOf } from '../../torch/names.ts'
import { deleteStatement } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'memory',
  severity: 'info',
  since: '0.1.0',
  messages: {
    emptied: {
      en: '`{call}` in every batch slows the loop down and frees nothing that is in use',
      zh: '每个批次都调用 `{call}` 会拖慢循环，正在使用的显存也不会因此释放',
    },
    loop: { en: 'It runs in each iteration of this loop', zh: '它在这个循环的每次迭代中都会执行' },
    remove: { en: 'Remove `{call}`', zh: '删除 `{call}`' },
  },
  *check(model) {
    for (const { call, loop, statement } of emptiedCaches(model)) {
      const text = textOf(model, call)
      const head = { start: loop.start, end: loop.kind === 'For' ? loop.iter.end : loop.test.end }
      yield {
        at: call,
        message: 'emptied',
        call: text,
        related: [{ at: head, message: 'loop' }],
        fix: { message: 'remove', call: text, safe: true, edits: deleteStatement(model, statement) },
      }
    }
  },
})
