import { textOf } from '../../torch/names.ts'
import { wrongModes } from '../../torch/plateauModes.ts'
import { isProbe } from '../../torch/probes.ts'
import { appendArgument } from '../arguments.ts'
import { replace } from '../edits.ts'
import { quoteOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    rises: {
      en: '`{scheduler}` waits for `{metric}` to fall (`mode="min"`): it lowers the learning rate while `{metric}` gets better',
      zh: '`{scheduler}` 在等 `{metric}` 下降（`mode="min"`）：`{metric}` 越来越好时，学习率反而会被降低',
    },
    falls: {
      en: '`{scheduler}` waits for `{metric}` to rise (`mode="max"`): it lowers the learning rate while `{metric}` gets better',
      zh: '`{scheduler}` 在等 `{metric}` 上升（`mode="max"`）：`{metric}` 越来越好时，学习率反而会被降低',
    },
    stepped: { en: '`{metric}` is passed here', zh: '此处传入 `{metric}`' },
    mode: { en: 'Pass `mode="{mode}"`', zh: '传入 `mode="{mode}"`' },
  },
  *check(model) {
    const quote = quoteOf(model)
    for (const { creation, argument, mode, step, metric: watched } of wrongModes(model)) {
      const { call } = creation
      if (isProbe(model, call)) continue
      const metric = textOf(model, watched)
      const wanted = mode === 'min' ? 'max' : 'min'
      const edit = argument
        ? replace(argument, `${quote}${wanted}${quote}`)
        : appendArgument(model, call, `mode=${quote}${wanted}${quote}`)
      yield {
        at: call,
        message: mode === 'min' ? 'rises' : 'falls',
        scheduler: textOf(model, step.scheduler),
        metric,
        related: [{ at: step.call, message: 'stepped', metric }],
        fix: { message: 'mode', mode: wanted, safe: false, edits: [edit] },
      }
    }
  },
})
