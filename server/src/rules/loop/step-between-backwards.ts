import type { Model } from '../../semantic/model.ts'
import { encloses } from '../../syntax/walk.ts'
import type { GradientViolation } from '../../torch/gradients/survey.ts'
import { gradientViolations } from '../../torch/gradients.ts'
import { textOf } from '../../torch/names.ts'
import { moveAfter } from '../edits.ts'
import { statementOf, suiteOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    changed: {
      en: '`{step}` changes weights in place that `{backward}` still needs',
      zh: '`{step}` 原地修改了 `{backward}` 还要用到的权重',
    },
    fails: { en: 'this backward pass raises a RuntimeError', zh: '这次反向传播会抛出 RuntimeError' },
    compute: { en: 'Compute `{loss}` after the step', zh: '在更新之后再计算 `{loss}`' },
  },
  *check(model) {
    for (const violation of gradientViolations(model, 'loop/step-between-backwards')) {
      const [later] = violation.related
      if (!later) continue
      yield {
        at: violation.at.call,
        message: 'changed',
        step: textOf(model, violation.at.call),
        backward: textOf(model, later.call),
        related: [{ at: later.call, message: 'fails' }],
        fix: computeLater(model, violation),
      }
    }
  },
})

/** Where the loss itself runs the module and is only needed behind the step, it can be computed there. */
function computeLater(model: Model, { at, related: [later], forward }: GradientViolation) {
  if (later?.object.kind !== 'Name' || !forward) return undefined
  const { id } = later.object
  const [source, ...others] = model.sources(later.object)
  if (!source || others.length > 0) return undefined
  const [computing, stepping] = [statementOf(source), statementOf(at.call)]
  const { statements } = suiteOf(model, computing)
  if (computing.kind !== 'Assign' || !statements.includes(stepping) || computing.start > stepping.start)
    return undefined
  const isWithin = encloses(source, forward)
  const isUsed = model
    .nodes('Name')
    .some(name => name.id === id && name.start > computing.end && name.start < stepping.end)
  if (!isWithin || isUsed) return undefined
  return { message: 'compute', loss: id, safe: false, edits: moveAfter(model, computing, stepping) } as const
}
