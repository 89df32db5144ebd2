import type { Model } from '../../semantic/model.ts'
import { coupledDecays } from '../../torch/coupledDecay.ts'
import { isAtLeast } from '../../torch/deprecations.ts'
import { currentRelease } from '../../torch/facts/deprecations.ts'
import { textOf } from '../../torch/names.ts'
import type { OptimizerCreation } from '../../torch/optimizers.ts'
import { appendArgument } from '../arguments.ts'
import { replace } from '../edits.ts'
import { reference } from '../imports.ts'
import { defineRule, type Edit } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'info',
  since: '0.1.0',
  messages: {
    coupled: {
      en: '`{class}` adds the decay `{decay}` to the gradient and rescales both: this is L2 regularization, not weight decay',
      zh: '`{class}` 把 `{decay}` 的衰减加到梯度里再一起缩放：这是 L2 正则化，不是权重衰减',
    },
    replace: { en: 'Replace with `{successor}`', zh: '替换为 `{successor}`' },
    decouple: { en: 'Pass `{argument}`', zh: '传入 `{argument}`' },
  },
  *check(model, { torchVersion }) {
    for (const { creation, decay, switch: off } of coupledDecays(model)) {
      const place = { at: decay, class: creation.className, decay: textOf(model, decay) }
      const argument = 'decoupled_weight_decay=True'
      if (creation.className === 'Adam' && !off) {
        const edits = toAdamW(model, creation)
        const fix = edits && ({ message: 'replace', successor: 'AdamW', safe: false, edits } as const)
        yield { message: 'coupled', ...place, fix }
      } else if (isAtLeast(torchVersion ?? currentRelease, '2.1')) {
        const edits = [off ? replace(off, 'True') : appendArgument(model, creation.call, argument)]
        yield { message: 'coupled', ...place, fix: { message: 'decouple', argument, safe: false, edits } }
      } else yield { message: 'coupled', ...place }
    }
  },
})

/** The two take the same arguments, in the same order. */
function toAdamW(model: Model, { call }: OptimizerCreation): readonly Edit[] | undefined {
  const { func } = call
  if (func.kind === 'Attribute' && func.attr === 'Adam')
    return [replace({ start: func.end - 'Adam'.length, end: func.end }, 'AdamW')]
  const found = reference(model, 'torch.optim.AdamW', func)
  return found && [...found.edits, replace(func, found.text)]
}
