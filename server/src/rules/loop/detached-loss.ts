import { detachedLosses } from '../../torch/detachedLosses.ts'
import { textOf } from '../../torch/names.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    number: {
      en: '`{loss}` is a Python number, which has no `backward()`',
      zh: '`{loss}` 是 Python 数值，没有 `backward()`',
    },
    detached: {
      en: '`{loss}` is cut off from the graph: no gradient gets past it',
      zh: '`{loss}` 已经脱离计算图：梯度传不过去',
    },
    copied: {
      en: '`{loss}` is a new tensor, cut off from the graph: no parameter gets a gradient',
      zh: '`{loss}` 是新建的张量，已经脱离计算图：没有任何参数会得到梯度',
    },
    discrete: {
      en: '`{loss}` holds indices, through which no gradient flows',
      zh: '`{loss}` 里是下标，梯度无法通过',
    },
    unrecorded: {
      en: '`{loss}` is computed without gradients: it has no graph to go back through',
      zh: '`{loss}` 是在关闭梯度时计算的：没有可以反向传播的计算图',
    },
    cut: { en: 'the graph ends here', zh: '计算图到这里为止' },
  },
  *check(model) {
    for (const { backward, loss, cut, kind } of detachedLosses(model)) {
      const isElsewhere = cut.start < backward.start || cut.end > backward.end
      const related = isElsewhere ? [{ at: cut, message: 'cut' } as const] : []
      yield { at: backward, message: kind, loss: textOf(model, loss), related }
    }
  },
})
