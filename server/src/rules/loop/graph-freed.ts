import type { Model } from '../../semantic/model.ts'
import type { GradientStep } from '../../torch/gradients/survey.ts'
import { gradientViolations } from '../../torch/gradients.ts'
import { textOf } from '../../torch/names.ts'
import { deleteStatement, inOrder, replace } from '../edits.ts'
import { statementOf, suiteOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    freed: {
      en: '`{call}` needs a graph that an earlier backward pass has freed',
      zh: '`{call}` 需要的计算图已被前一次反向传播释放',
    },
    frees: { en: 'this backward pass frees the graph', zh: '这次反向传播释放了计算图' },
    combine: { en: 'Add the losses up and backpropagate once', zh: '把损失相加，只做一次反向传播' },
  },
  *check(model) {
    for (const { at, related } of gradientViolations(model, 'loop/graph-freed')) {
      const [first] = related
      if (!first) continue
      yield {
        at: at.call,
        message: 'freed',
        call: textOf(model, at.call),
        related: [{ at: first.call, message: 'frees' }],
        fix: combine(model, first, at),
      }
    }
  },
})

/** `(a + b).backward()` for `a.backward()` and `b.backward()` that follow one another. */
function combine(model: Model, first: GradientStep, second: GradientStep) {
  const [earlier, later] = [first, second].map(({ call }) => statementOf(call))
  if (!earlier || !later) return undefined
  const { statements } = suiteOf(model, later)
  if (statements.indexOf(later) !== statements.indexOf(earlier) + 1 || !statements.includes(earlier)) return undefined
  const isPlain = ({ call, object }: GradientStep) =>
    object.kind === 'Name' && call.args.length + call.keywords.length === 0 && statementOf(call).kind === 'Expr'
  const [a, b] = [first, second].map(({ object }) => textOf(model, object))
  if (!isPlain(first) || !isPlain(second) || a === b) return undefined
  return {
    message: 'combine',
    safe: false,
    edits: inOrder([...deleteStatement(model, earlier), replace(second.object, `(${a} + ${b})`)]),
  } as const
}
