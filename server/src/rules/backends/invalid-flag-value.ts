import { invalidFlagValues } from '../../torch/flagValues.ts'
import { textOf } from '../../torch/names.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    notBool: {
      en: '`{flag}` takes `True` or `False`: `{value}` raises an exception',
      zh: '`{flag}` 只接受 `True` 或 `False`：给它 `{value}` 会抛出异常',
    },
    unknownName: {
      en: '`{flag}` takes `{values}`: `{value}` raises an exception',
      zh: '`{flag}` 只接受 `{values}`：给它 `{value}` 会抛出异常',
    },
    ignored: {
      en: '`{flag}` takes `{values}`: with `{value}` PyTorch warns and changes nothing',
      zh: '`{flag}` 只接受 `{values}`：给它 `{value}`，PyTorch 只发出警告，什么也不会改变',
    },
    write: { en: 'Replace with `{meant}`', zh: '替换为 `{meant}`' },
  },
  *check(model) {
    for (const { value, flag, fact, meant } of invalidFlagValues(model)) {
      const isIgnored = fact.whenWrong === 'ignored' && typeof model.constant(value) === 'string'
      const base = { at: value, flag: textOf(model, flag), value: textOf(model, value) }
      const values = (fact.values ?? []).map(name => `"${name}"`).join(' | ')
      const fix =
        meant === undefined
          ? undefined
          : ({ message: 'write', meant, safe: true, edits: [replace(value, meant)] } as const)
      if (!fact.values) yield { ...base, message: 'notBool', fix }
      else yield { ...base, message: isIgnored ? 'ignored' : 'unknownName', values, fix }
    }
  },
})
