import { unmappedLoads } from '../../torch/checkpointLoads.ts'
import { textOf } from '../../torch/names.ts'
import { appendArgument } from '../arguments.ts'
import { quoteOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'memory',
  severity: 'info',
  since: '0.1.0',
  messages: {
    unmapped: {
      en: '`{load}` puts the tensors on the GPU that they were saved from, beside those of the model',
      zh: '`{load}` 会把张量放到保存时所在的 GPU 上，和模型自己的参数同时占用显存',
    },
    copied: { en: '`{use}` copies them from there', zh: '`{use}` 从那里复制' },
    map: { en: 'Load to the CPU with `{argument}`', zh: '用 `{argument}` 加载到 CPU' },
  },
  *check(model) {
    const quote = quoteOf(model)
    const argument = `map_location=${quote}cpu${quote}`
    for (const { call, use } of unmappedLoads(model))
      yield {
        at: call,
        message: 'unmapped',
        load: textOf(model, call.func),
        related: [{ at: use, message: 'copied', use: textOf(model, use.func) }],
        fix: { message: 'map', argument, safe: false, edits: [appendArgument(model, call, argument)] },
      }
  },
})
