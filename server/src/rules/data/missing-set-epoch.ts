import { textOf } from '../../torch/names.ts'
import { unsetEpochs } from '../../torch/unsetEpochs.ts'
import { insertBefore } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    same: {
      en: 'every epoch of this loop has the same order: nothing calls `set_epoch` of the DistributedSampler',
      zh: '这个循环的每个 epoch 顺序都相同：没有调用 DistributedSampler 的 `set_epoch`',
    },
    sampler: { en: 'the sampler, which shuffles by the epoch it is told', zh: '这个采样器按设置的 epoch 打乱顺序' },
    insert: { en: 'Insert `{call}`', zh: '插入 `{call}`' },
  },
  *check(model) {
    for (const { sampler, epochs, receiver } of unsetEpochs(model)) {
      const [first] = epochs.body
      const isSampler = receiver && model.isInstance(receiver, 'torch.utils.data.DataLoader') !== 'yes'
      const name = receiver && textOf(model, receiver) + (isSampler ? '' : '.sampler')
      const call = name && `${name}.set_epoch(${textOf(model, epochs.target)})`
      yield {
        message: 'same',
        at: { start: epochs.start, end: epochs.iter.end },
        related: [{ message: 'sampler', at: sampler }],
        fix:
          call && first
            ? { message: 'insert', call, safe: true, edits: insertBefore(model, first, [call]) }
            : undefined,
      }
    }
  },
})
