import { lostGradientFlags } from '../../torch/gradientFlags.ts'
import { textOf } from '../../torch/names.ts'
import { groupedRange } from '../arguments.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    module: {
      en: '`{target}` is no switch of a module: its parameters train as before',
      zh: '模块没有 `{target}` 这个开关：它的参数照常参与训练',
    },
    parameter: {
      en: '`{target}` is an attribute that PyTorch does not know: `{meant}` stays as it was',
      zh: 'PyTorch 不认识 `{target}` 这个属性：`{meant}` 并没有改变',
    },
    replace: { en: 'Replace with `{successor}`', zh: '替换为 `{successor}`' },
  },
  *check(model) {
    for (const { statement, target, holder, isDefault } of lostGradientFlags(model)) {
      const object = textOf(model, target.value)
      const value = groupedRange(model, statement.value)
      const successor =
        holder === 'module'
          ? `${object}.requires_grad_(${textOf(model, statement.value)})`
          : `${object}.requires_grad = ${model.text.slice(value.start, value.end)}`
      yield {
        message: holder,
        severity: isDefault ? 'info' : 'error',
        at: target,
        target: textOf(model, target),
        meant: `${object}.requires_grad`,
        fix: { message: 'replace', successor, safe: true, edits: [replace(statement, successor)] },
      }
    }
  },
})
