import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { ampEvents } from '../../torch/amp/events.ts'
import { ampViolations } from '../../torch/amp.ts'
import type { GradientViolation } from '../../torch/gradients/survey.ts'
import { gradientViolations } from '../../torch/gradients.ts'
import { textOf } from '../../torch/names.ts'
import { moveBefore } from '../edits.ts'
import { gradientMessages, placesOf } from '../gradientPath.ts'
import { statementOf, suiteOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    ...gradientMessages,
    early: {
      en: '`{clip}` runs before the backward pass: there is nothing to clip yet',
      zh: '`{clip}` 在反向传播之前执行：此时还没有梯度可以裁剪',
    },
    late: {
      en: '`{clip}` runs after `{optimizer}` has stepped and changes nothing',
      zh: '`{clip}` 在 `{optimizer}` 更新之后才执行，不起作用',
    },
    move: { en: 'Move the clipping in front of the step', zh: '把裁剪移到更新之前' },
  },
  *check(model) {
    for (const violation of gradientViolations(model, 'loop/misplaced-clip')) {
      const { at, optimizer, related } = violation
      if (!optimizer || isUnscaledHere(model, at.call)) continue
      const clip = textOf(model, at.call.func)
      const found = related.some(({ kind }) => kind === 'backward')
        ? ({ message: 'early', clip } as const)
        : ({ message: 'late', clip, optimizer: textOf(model, optimizer) } as const)
      yield { ...found, at: at.call, related: placesOf(related), fix: repair(model, violation) }
    }
  },
})

/** An `unscale_` at the wrong moment is reported itself, and takes the clipping with it. */
const isUnscaledHere = (model: Model, clip: ast.Call): boolean =>
  (['amp/unscale-after-step', 'amp/unscale-after-update'] as const)
    .flatMap(rule => ampViolations(model, rule))
    .some(({ call }) => model.loops(call)[0] === model.loops(clip)[0])

/** Not where a scaler steps: the gradients would have to be unscaled as well. */
function repair(model: Model, { at, related }: GradientViolation) {
  const step = related.findLast(({ kind }) => kind === 'step')
  const clipping = statementOf(at.call)
  if (!step || ampEvents(model).get(step.call)?.kind === 'step' || clipping.kind !== 'Expr') return undefined
  const stepping = statementOf(step.call)
  if (stepping.kind !== 'Expr' || !suiteOf(model, clipping).statements.includes(stepping)) return undefined
  return { message: 'move', safe: false, edits: moveBefore(model, clipping, stepping) } as const
}
