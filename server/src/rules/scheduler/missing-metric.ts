import { isCounter, isMetric } from '../../torch/countersAndMetrics.ts'
import { textOf } from '../../torch/names.ts'
import { isProbe } from '../../torch/probes.ts'
import { schedulerCalls } from '../../torch/schedulers.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    missing: {
      en: '`{scheduler}` is a ReduceLROnPlateau, whose `step` needs the metric it watches: this raises a TypeError',
      zh: '`{scheduler}` 是 ReduceLROnPlateau，`step` 必须传入要监控的指标：此处会抛出 TypeError',
    },
    counter: {
      en: '`{scheduler}` is a ReduceLROnPlateau: it takes `{argument}` for the metric it watches, not for the epoch',
      zh: '`{scheduler}` 是 ReduceLROnPlateau：它会把 `{argument}` 当成要监控的指标，而不是 epoch 编号',
    },
    misread: {
      en: '`{className}` watches no metric: `{scheduler}` takes `{argument}` for the number of the epoch',
      zh: '`{className}` 不监控指标：`{scheduler}` 会把 `{argument}` 当成 epoch 编号',
    },
    refused: {
      en: '`{className}` watches no metric: `{scheduler}.step` takes no argument, and raises a TypeError',
      zh: '`{className}` 不监控指标：`{scheduler}.step` 不接受参数，此处会抛出 TypeError',
    },
  },
  *check(model) {
    for (const { call, method, scheduler: receiver, creations } of schedulerCalls(model)) {
      const [first] = creations
      if (method !== 'step' || !first || isProbe(model, call)) continue
      const scheduler = textOf(model, receiver)
      if (creations.every(({ fact }) => fact.needsMetric)) {
        const metric = model.argument(call, 'metrics', 0)
        if (metric.kind === 'absent') yield { at: call, message: 'missing', scheduler }
        else if (metric.kind === 'given' && isCounter(model, metric.value))
          yield { at: metric.value, message: 'counter', scheduler, argument: textOf(model, metric.value) }
      } else if (!creations.some(({ fact }) => fact.needsMetric)) {
        const epoch = model.argument(call, 'epoch', 0)
        if (epoch.kind !== 'given' || !isMetric(epoch.value)) continue
        const message = creations.every(({ fact }) => fact.rejectsEpoch) ? 'refused' : 'misread'
        const argument = textOf(model, epoch.value)
        const { className } = first
        if (message === 'refused') yield { at: call, message, scheduler, className }
        else yield { at: epoch.value, message, scheduler, className, argument }
      }
    }
  },
})
