import type { Model } from '../../semantic/model.ts'
import type { GradientViolation } from '../../torch/gradients/survey.ts'
import { gradientViolations } from '../../torch/gradients.ts'
import { textOf } from '../../torch/names.ts'
import { moveAfter, moveBefore } from '../edits.ts'
import { gradientMessages, placesOf } from '../gradientPath.ts'
import { statementOf, suiteOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ...gradientMessages,
    dropped: {
      en: '`{call}` throws the gradients away before `{optimizer}` steps',
      zh: '`{call}` 在 `{optimizer}` 更新之前就把梯度清空了',
    },
    lost: {
      en: '`{call}` throws away the gradients of every micro-batch but the last',
      zh: '`{call}` 把最后一个微批次之前的梯度都清空了',
    },
    moveBefore: { en: 'Move `{call}` in front of the backward pass', zh: '把 `{call}` 移到反向传播之前' },
    moveAfter: { en: 'Move `{call}` behind the step', zh: '把 `{call}` 移到更新之后' },
  },
  *check(model) {
    for (const violation of gradientViolations(model, 'loop/zero-grad-before-step')) {
      const { at, optimizer, related } = violation
      if (!optimizer) continue
      const call = textOf(model, at.call)
      const isWindow = related.some(step => step.kind === 'backward' && step.call.start > at.call.start)
      const found = isWindow
        ? ({ message: 'lost', call } as const)
        : ({ message: 'dropped', call, optimizer: textOf(model, optimizer) } as const)
      yield { ...found, at: at.call, related: placesOf(related), fix: repair(model, violation, isWindow) }
    }
  },
})

/** Statements that stand where they cannot be moved from or to are left to the user. */
function repair(model: Model, { at, related }: GradientViolation, isWindow: boolean) {
  const clearing = statementOf(at.call)
  const target = related.find(({ kind }) => kind === (isWindow ? 'step' : 'backward'))
  if (!target || clearing.kind !== 'Expr' || clearing.value !== at.call) return undefined
  const { statements } = suiteOf(model, clearing)
  const call = textOf(model, at.call)
  const goal = statementOf(target.call)
  if (isWindow) return { message: 'moveAfter', call, safe: false, edits: moveAfter(model, clearing, goal) } as const
  return statements.includes(goal)
    ? ({ message: 'moveBefore', call, safe: false, edits: moveBefore(model, clearing, goal) } as const)
    : undefined
}
