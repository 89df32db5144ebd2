import { unknownFlags } from '../../torch/backends.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ignored: {
      en: '`{module}` has no flag `{name}`: PyTorch accepts the assignment in silence and ignores it',
      zh: '`{module}` 没有开关 `{name}`：PyTorch 接受这个赋值时不会报错，但什么也不会改变',
    },
    raises: {
      en: '`{module}` has no attribute `{name}`',
      zh: '`{module}` 没有属性 `{name}`',
    },
    rename: { en: 'Replace with `{meant}`', zh: '替换为 `{meant}`' },
  },
  *check(model) {
    for (const { node, module, meant, isSilent } of unknownFlags(model)) {
      const at = { start: node.attrStart, end: node.attrStart + node.attr.length }
      yield {
        message: isSilent ? 'ignored' : 'raises',
        at,
        module,
        name: node.attr,
        fix: meant === undefined ? undefined : { message: 'rename', meant, safe: true, edits: [replace(at, meant)] },
      }
    }
  },
})
