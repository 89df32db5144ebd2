import { textOf } from '../../torch/names.ts'
import { unscaledAccumulations } from '../../torch/unscaledAccumulations.ts'
import { insertion } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'info',
  since: '0.1.0',
  messages: {
    summed: {
      en: 'The gradients of `{every}` batches add up, as if the learning rate were `{every}` times as high: divide `{loss}` by `{every}`',
      zh: '`{every}` 个批次的梯度直接相加，相当于学习率放大到 `{every}` 倍：应把 `{loss}` 除以 `{every}`',
    },
    step: { en: 'The optimizer steps once for all of them', zh: '优化器把它们合在一起更新一次' },
    divide: { en: 'Backpropagate `{quotient}`', zh: '改为反向传播 `{quotient}`' },
  },
  *check(model) {
    for (const { backward, loss, test, step } of unscaledAccumulations(model)) {
      const every = textOf(model, test.every)
      const text = textOf(model, loss)
      const isOperand = /^(?:Name|Attribute|Call|Subscript)$/.test(loss.kind)
      const divisor = /^(?:Name|Attribute|Call|Constant|Subscript)$/.test(test.every.kind) ? every : `(${every})`
      const quotient = isOperand ? `${text} / ${divisor}` : `(${text}) / ${divisor}`
      // Between the parentheses of `scale(…)` or `backward(…)` the quotient needs none of its own.
      const isArgument = loss.parent?.kind === 'Call'
      const isGrouped = model.text[loss.start - 1] === '(' && model.text[loss.end] === ')'
      const [opening, closing] = isArgument || isGrouped ? ['', ''] : ['(', ')']
      const edits = isOperand
        ? [insertion(loss.start, opening), insertion(loss.end, ` / ${divisor}${closing}`)].filter(
            edit => edit.text !== '',
          )
        : [insertion(loss.start, `${opening}(`), insertion(loss.end, `) / ${divisor}${closing}`)]
      yield {
        at: backward.call,
        message: 'summed',
        every,
        loss: text,
        related: [{ at: step, message: 'step' }],
        fix: { message: 'divide', quotient, safe: false, edits },
      }
    }
  },
})
