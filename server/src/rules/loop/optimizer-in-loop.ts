import { nameOf, textOf } from '../../torch/names.ts'
import { repeatedOptimizers } from '../../torch/repeatedOptimizers.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    optimizerBatch: {
      en: '`{name}` is created anew for every batch: its momentum and other state start over each time',
      zh: '每个批次都新建一个 `{name}`：动量等状态每次都从头开始',
    },
    optimizerEpoch: {
      en: '`{name}` is created anew in every epoch: its momentum and other state start over each time',
      zh: '每一轮都新建一个 `{name}`：动量等状态每次都从头开始',
    },
    schedulerBatch: {
      en: '`{name}` is created anew for every batch: its schedule starts over each time',
      zh: '每个批次都新建一个 `{name}`：学习率调度每次都从头开始',
    },
    schedulerEpoch: {
      en: '`{name}` is created anew in every epoch: its schedule starts over each time',
      zh: '每一轮都新建一个 `{name}`：学习率调度每次都从头开始',
    },
    loop: { en: 'This loop runs it again', zh: '这个循环会重复执行它' },
  },
  *check(model) {
    for (const { creation, loop, kind, level } of repeatedOptimizers(model)) {
      const head = { start: loop.start, end: loop.kind === 'For' ? loop.iter.end : loop.test.end }
      const name = nameOf(model, creation) ?? textOf(model, creation.func)
      yield { at: creation, message: messages[kind][level], name, related: [{ at: head, message: 'loop' }] }
    }
  },
})

const messages = {
  optimizer: { batch: 'optimizerBatch', epoch: 'optimizerEpoch' },
  scheduler: { batch: 'schedulerBatch', epoch: 'schedulerEpoch' },
} as const
