import { untunedMove } from '../../torch/convolutions.ts'
import { inOrder } from '../edits.ts'
import { reference } from '../imports.ts'
import { defineRule } from '../rule.ts'
import { insertAtStart, startOf } from '../scriptStart.ts'

export default defineRule({
  category: 'performance',
  severity: 'info',
  since: '0.1.0',
  messages: {
    untuned: {
      en: 'Convolutions on inputs of one size run faster with `torch.backends.cudnn.benchmark = True`',
      zh: '输入大小固定，设置 `torch.backends.cudnn.benchmark = True` 可以加快卷积运算',
    },
    switchOn: { en: 'Set `{flag} = True` at the start', zh: '在脚本开头设置 `{flag} = True`' },
  },
  *check(model) {
    const move = untunedMove(model)
    if (!move) return
    const found = reference(model, 'torch.backends.cudnn.benchmark', startOf(model, move))
    yield {
      message: 'untuned',
      at: move,
      fix: found && {
        message: 'switchOn',
        flag: found.text,
        safe: true,
        edits: inOrder([...found.edits, ...insertAtStart(model, move, `${found.text} = True`)]),
      },
    }
  },
})
