import { textOf } from '../../torch/names.ts'
import { assignedSettings } from '../../torch/optimizerAttributes.ts'
import { assignToGroups } from '../groupAssignment.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ignored: {
      en: 'PyTorch never reads `{target}`: `{optimizer}` uses the `{setting}` of its parameter groups',
      zh: 'PyTorch 不会读取 `{target}`：`{optimizer}` 用的是参数组里的 `{setting}`',
    },
    raises: {
      en: '`{target}` does not exist and raises an AttributeError: `{setting}` is kept in the parameter groups of `{optimizer}`',
      zh: '`{target}` 不存在，会抛出 AttributeError：`{setting}` 保存在 `{optimizer}` 的参数组里',
    },
    assign: { en: 'Set `{setting}` in every parameter group', zh: '在每个参数组里设置 `{setting}`' },
  },
  *check(model) {
    for (const found of assignedSettings(model)) {
      const { target, optimizer, setting, raises } = found
      const edits = assignToGroups(model, found)
      yield {
        message: raises ? 'raises' : 'ignored',
        at: target,
        target: textOf(model, target),
        optimizer: textOf(model, optimizer),
        setting,
        fix: edits && { message: 'assign', setting, safe: false, edits },
      }
    }
  },
})
