import type { Model } from '../../semantic/model.ts'
import { calledModule } from '../../torch/events.ts'
import { textOf } from '../../torch/names.ts'
import { type RecordedEvaluation, recordedEvaluations } from '../../torch/recordedEvaluations.ts'
import { insertion } from '../edits.ts'
import { enclose } from '../enclosing.ts'
import { reference } from '../imports.ts'
import { lineBreakOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'memory',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    recorded: {
      en: '`{model}` evaluates without `torch.no_grad()`: PyTorch keeps the activations for a backward pass that never comes',
      zh: '`{model}` 在评估时没有使用 `torch.no_grad()`：PyTorch 会为永远不会到来的反向传播保留激活值',
    },
    eval: { en: '`{call}` does not switch gradients off', zh: '`{call}` 并不会关闭梯度' },
    enclose: { en: 'Put the loop under `with {mode}:`', zh: '把循环放进 `with {mode}:`' },
    decorate: { en: 'Decorate `{function}` with `@{mode}`', zh: '给 `{function}` 加上装饰器 `@{mode}`' },
  },
  *check(model) {
    for (const found of recordedEvaluations(model)) {
      const { loop, forward, eval: evaluation } = found
      yield {
        at: { start: loop.start, end: loop.kind === 'For' ? loop.iter.end : loop.test.end },
        message: 'recorded',
        model: textOf(model, calledModule(forward)),
        related: [{ at: evaluation, message: 'eval', call: textOf(model, evaluation) }],
        fix: unrecorded(model, found),
      }
    }
  },
})

/** The `with` says what it is for where it is; where a string would change with its indentation, the function is decorated. */
function unrecorded(model: Model, { loop, evaluator }: RecordedEvaluation) {
  const found = reference(model, 'torch.no_grad', loop)
  if (!found) return undefined
  const mode = `${found.text}()`
  const enclosed = enclose(model, loop, `with ${mode}:`)
  if (enclosed) return { message: 'enclose', mode, safe: true, edits: [...found.edits, ...enclosed] } as const
  if (!evaluator || found.edits.length > 0) return undefined
  const indentation = /[ \t]*$/.exec(model.text.slice(0, evaluator.start))?.[0] ?? ''
  const edits = [insertion(evaluator.start, `@${mode}${lineBreakOf(model)}${indentation}`)]
  return { message: 'decorate', function: evaluator.name, mode, safe: true, edits } as const
}
