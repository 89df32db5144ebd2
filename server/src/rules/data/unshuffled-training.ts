import { unshuffledLoaders } from '../../torch/loaderOptions.ts'
import { loaderOptionFix } from '../loaderOption.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'info',
  since: '0.1.0',
  messages: {
    ordered: {
      en: 'this loader gives the training samples in the same order every epoch: `shuffle` is off',
      zh: '这个 DataLoader 每个 epoch 都以相同的顺序给出训练样本：没有开启 `shuffle`',
    },
    loop: { en: 'the loop that trains on them', zh: '用这些样本训练的循环' },
    shuffle: { en: 'Pass `{argument}`', zh: '传入 `{argument}`' },
  },
  *check(model) {
    const argument = 'shuffle=True'
    for (const { loader, loop, value } of unshuffledLoaders(model))
      yield {
        message: 'ordered',
        at: loader,
        related: [{ message: 'loop', at: { start: loop.start, end: loop.iter.end } }],
        fix: { message: 'shuffle', argument, safe: false, edits: [loaderOptionFix(model, loader, value, argument)] },
      }
  },
})
