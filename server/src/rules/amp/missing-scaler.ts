import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { ampArgument } from '../../torch/ampArguments.ts'
import { type UnscaledBackward, unscaledBackwards } from '../../torch/halfPrecision.ts'
import { textOf } from '../../torch/names.ts'
import { defineRule } from '../rule.ts'
import { insertScaler } from '../scalerInsertion.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    unscaled: {
      en: '`{loss}` is computed in float16 and not scaled: small gradients become zero without a GradScaler',
      zh: '`{loss}` 以 float16 计算，却没有经过放大：不用 GradScaler，较小的梯度会变成零',
    },
    float16: { en: 'autocast chooses float16 here', zh: '此处的 autocast 使用 float16' },
    insert: {
      en: 'Train with a GradScaler: scale, step and update',
      zh: '用 GradScaler 训练：放大损失、更新参数和缩放因子',
    },
  },
  *check(model, { torchVersion }) {
    const all = unscaledBackwards(model)
    for (const backward of all) {
      // One scaler in one place would leave the others unscaled, and unseen.
      const edits =
        all.length === 1 ? insertScaler(model, backward, deviceOf(model, backward), torchVersion) : undefined
      yield {
        at: backward.call,
        message: 'unscaled',
        loss: textOf(model, backward.loss),
        related: [{ at: backward.autocast.call, message: 'float16' }],
        fix: edits && { message: 'insert', safe: false, edits },
      }
    }
  },
})

function deviceOf(model: Model, { autocast }: UnscaledBackward): ast.Expression | undefined {
  const device = ampArgument(model, autocast.call, 'device_type')
  return device === 'unknown' ? undefined : device
}
