import { nameOf, textOf } from '../../torch/names.ts'
import { bfloat16Scalings } from '../../torch/scaling.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'info',
  since: '0.1.0',
  messages: {
    needless: {
      en: '`{scaler}` is needless: under bfloat16 autocast gradients do not underflow',
      zh: '`{scaler}` 是多余的：在 bfloat16 的 autocast 下梯度不会下溢',
    },
    bfloat16: { en: 'the loss is computed in bfloat16', zh: '损失以 bfloat16 计算' },
    scaled: { en: '`{loss}` is scaled here', zh: '此处放大 `{loss}`' },
  },
  *check(model) {
    for (const { creation, losses, autocast } of bfloat16Scalings(model))
      yield {
        at: creation,
        message: 'needless',
        scaler: nameOf(model, creation) ?? textOf(model, creation.func),
        related: [
          { at: autocast.call, message: 'bfloat16' },
          ...losses.map(loss => ({ at: loss, message: 'scaled', loss: textOf(model, loss) }) as const),
        ],
      }
  },
})
