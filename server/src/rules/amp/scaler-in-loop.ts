import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { nameOf } from '../../torch/names.ts'
import { isMadeIn, type RepeatedScaler, repeatedScalers } from '../../torch/repeatedScalers.ts'
import { moveBefore } from '../edits.ts'
import { statementOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    batch: {
      en: '`{scaler}` is created anew for every batch: its scale factor starts over each time and never adapts',
      zh: '每个批次都新建一个 `{scaler}`：缩放因子每次都从头开始，永远无法自适应',
    },
    epoch: {
      en: '`{scaler}` is created anew in every epoch: its scale factor starts over each time',
      zh: '每个 epoch 都新建一个 `{scaler}`：缩放因子每次都从头开始',
    },
    loop: { en: 'this loop runs it again', zh: '这个循环会重复执行它' },
    hoist: { en: 'Create `{scaler}` before the loop', zh: '在循环之前创建 `{scaler}`' },
  },
  *check(model) {
    for (const found of repeatedScalers(model)) {
      const { creation, loop, level } = found
      const scaler = nameOf(model, creation) ?? 'GradScaler'
      const edits = hoisted(model, found)
      yield {
        at: creation,
        message: level,
        severity: level === 'batch' ? 'warning' : 'info',
        scaler,
        related: [{ at: { start: loop.start, end: headEnd(loop) }, message: 'loop' }],
        fix: edits && { message: 'hoist', scaler, safe: false, edits },
      }
    }
  },
})

const headEnd = (loop: ast.For | ast.While): number => (loop.kind === 'For' ? loop.iter : loop.test).end

/** In front of the outermost loop in which the same optimizers train. */
function hoisted(model: Model, { creation, optimizers }: RepeatedScaler) {
  const statement = statementOf(creation)
  const loops = model.loops(creation)
  const target = loops.findLast(loop => !optimizers.some(optimizer => isMadeIn(model, optimizer, loop)))
  if (!target || statement.kind !== 'Assign' || !loops.some(({ body }) => body.includes(statement))) return undefined
  const isFixed = model
    .nodes('Name', creation)
    .every(name => model.sources(name).every(({ start, end }) => end <= target.start || start >= target.end))
  return isFixed ? moveBefore(model, statement, target) : undefined
}
