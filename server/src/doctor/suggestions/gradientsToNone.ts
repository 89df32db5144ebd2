import { appendArgument, deleteArgument } from '../../rules/arguments.ts'
import { inOrder } from '../../rules/edits.ts'
import { isAtLeast } from '../../torch/deprecations.ts'
import { eventOf } from '../../torch/events.ts'
import type { Case, Suggestion } from '../suggestion.ts'

/** Gradients that are set to zero stay in memory through the forward pass; those that are None do not. */
export function gradientsToNone({ model, torchVersion }: Case): Suggestion | undefined {
  const clears = model.nodes('Call').filter(call => eventOf(model, call)?.kind === 'zero_grad')
  const isOld = torchVersion !== undefined && !isAtLeast(torchVersion, '2.0')
  const edits = clears.flatMap(call => {
    const option = call.keywords.find(({ arg }) => arg === 'set_to_none')
    if (option) return model.constant(option.value) === false ? [deleteArgument(model, call, option)] : []
    return isOld && call.args.length === 0 ? [appendArgument(model, call, 'set_to_none=True')] : []
  })
  if (edits.length === 0) return undefined
  return {
    id: 'gradients-to-none',
    title: { en: 'Gradients freed by `zero_grad()`', zh: '让 `zero_grad()` 释放梯度' },
    saves: {
      en: '4 bytes per parameter during the forward pass, when gradients cleared in this way are not in memory',
      zh: '前向计算期间每个参数 4 字节：这样清除的梯度此时不占显存',
    },
    costs: { en: 'nothing; it is faster', zh: '没有代价，反而更快' },
    notes: [
      isOld
        ? {
            en: '`set_to_none=True` is the default from PyTorch 2.0 on',
            zh: 'PyTorch 2.0 起 `set_to_none=True` 是默认值',
          }
        : {
            en: 'It helps at the peak only if `zero_grad()` runs before the forward pass',
            zh: '只有 `zero_grad()` 在前向计算之前运行，才能降低峰值',
          },
    ],
    edits: inOrder(edits),
  }
}
