import { deprecatedSchedulerCalls } from '../../torch/deprecatedSchedulerCalls.ts'
import { textOf } from '../../torch/names.ts'
import { isProbe } from '../../torch/probes.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'deprecation',
  severity: 'warning',
  since: '0.1.0',
  tags: ['deprecated'],
  messages: {
    epoch: {
      en: 'passing the epoch to `{scheduler}.step` is deprecated: `{scheduler}` counts by itself, `{argument}` overrides it',
      zh: '向 `{scheduler}.step` 传入 epoch 的用法已弃用：`{scheduler}` 会自己计数，`{argument}` 会覆盖它的计数',
    },
    get: {
      en: '`{scheduler}.get_lr()` is not for callers: use `{scheduler}.get_last_lr()` for the current learning rate',
      zh: '`{scheduler}.get_lr()` 不供外部调用：要读取当前学习率，请用 `{scheduler}.get_last_lr()`',
    },
    print: {
      en: '`{scheduler}.print_lr` is deprecated: print `{scheduler}.get_last_lr()`',
      zh: '`{scheduler}.print_lr` 已弃用：请自行打印 `{scheduler}.get_last_lr()`',
    },
    removed: {
      en: '`{scheduler}.print_lr` is gone since PyTorch 2.7: print `{scheduler}.get_last_lr()`',
      zh: '`{scheduler}.print_lr` 自 PyTorch 2.7 起已移除：请自行打印 `{scheduler}.get_last_lr()`',
    },
    replace: { en: 'Replace with `get_last_lr()`', zh: '替换为 `get_last_lr()`' },
  },
  *check(model, { torchVersion }) {
    for (const found of deprecatedSchedulerCalls(model, torchVersion)) {
      const { call, scheduler: receiver } = found
      if (isProbe(model, call)) continue
      const scheduler = textOf(model, receiver)
      if (found.kind === 'epoch') {
        yield { at: found.argument, message: 'epoch', scheduler, argument: textOf(model, found.argument) }
      } else if (found.kind === 'print_lr') {
        yield { at: call, message: found.removed ? 'removed' : 'print', scheduler }
      } else {
        const { end } = call.func
        const edits = [replace({ start: end - 'get_lr'.length, end }, 'get_last_lr')]
        yield { at: call, message: 'get', scheduler, fix: { message: 'replace', safe: true, edits } }
      }
    }
  },
})
