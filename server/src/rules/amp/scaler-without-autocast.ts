import { nameOf, textOf } from '../../torch/names.ts'
import { float32Scalings } from '../../torch/scaling.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'info',
  since: '0.1.0',
  messages: {
    needless: {
      en: '`{scaler}` scales losses that are computed in float32: nothing runs under autocast',
      zh: '`{scaler}` 放大的损失是以 float32 计算的：没有任何运算处于 autocast 之下',
    },
    scaled: { en: '`{loss}` is scaled here', zh: '此处放大 `{loss}`' },
  },
  *check(model) {
    for (const { creation, losses } of float32Scalings(model))
      yield {
        at: creation,
        message: 'needless',
        scaler: nameOf(model, creation) ?? textOf(model, creation.func),
        related: losses.map(loss => ({ at: loss, message: 'scaled', loss: textOf(model, loss) }) as const),
      }
  },
})
