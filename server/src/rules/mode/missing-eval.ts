import type { Model } from '../../semantic/model.ts'
import { calledModule } from '../../torch/events.ts'
import { textOf } from '../../torch/names.ts'
import { type UnswitchedEvaluation, unswitchedEvaluations } from '../../torch/unswitchedEvaluations.ts'
import { inOrder, insertAfter, insertBefore } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    dropout: {
      en: '`{model}` is evaluated in training mode: its dropout is still active, which makes the results worse and different each time',
      zh: '评估时 `{model}` 仍处于训练模式：dropout 还在起作用，结果会变差，而且每次都不同',
    },
    batchNorm: {
      en: '`{model}` is evaluated in training mode: its batch norm uses the statistics of each batch, and changes its own',
      zh: '评估时 `{model}` 仍处于训练模式：批归一化用的是每个批次的统计量，还会改动自己的统计量',
    },
    switch: { en: 'Insert `{call}`', zh: '插入 `{call}`' },
    both: { en: 'Insert `{call}` and, after the loop, `{back}`', zh: '插入 `{call}`，并在循环之后插入 `{back}`' },
  },
  *check(model) {
    for (const found of unswitchedEvaluations(model)) {
      const { forward, holds } = found
      yield { at: forward, message: holds, model: textOf(model, calledModule(forward)), fix: switched(model, found) }
    }
  },
})

/** Amid training the mode must come back, or the next epoch would train in evaluation mode. */
function switched(model: Model, { forward, loop, isAmidTraining }: UnswitchedEvaluation) {
  const text = textOf(model, calledModule(forward))
  const [call, back] = [`${text}.eval()`, `${text}.train()`]
  const before = insertBefore(model, loop, [call])
  if (!isAmidTraining) return { message: 'switch', call, safe: true, edits: before } as const
  if (model.nodes('Return', loop).length > 0) return undefined
  return {
    message: 'both',
    call,
    back,
    safe: true,
    edits: inOrder([...before, ...insertAfter(model, loop, [back])]),
  } as const
}
