import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { encloses } from '../../syntax/walk.ts'
import { type CastBackward, castBackwards } from '../../torch/backward.ts'
import { runsForward } from '../../torch/events.ts'
import { textOf } from '../../torch/names.ts'
import { moveOut } from '../dedent.ts'
import { defineRule, type Edit } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'info',
  since: '0.1.0',
  messages: {
    casts: {
      en: '`{loss}` is backpropagated under autocast: leave the block before `backward()`',
      zh: '`{loss}` 的反向传播处于 autocast 之下：应在 `backward()` 之前退出 autocast',
    },
    entered: { en: 'autocast begins here', zh: 'autocast 从此处开始' },
    also: { en: 'this backward pass runs under autocast too', zh: '此处的反向传播同样处于 autocast 之下' },
    leave: { en: 'Move the backward pass out of the autocast block', zh: '把反向传播移到 autocast 代码块之外' },
  },
  *check(model) {
    for (const backward of castBackwards(model)) {
      const { call, loss, autocast, others } = backward
      const edits = repair(model, backward)
      yield {
        at: call,
        message: 'casts',
        loss: textOf(model, loss),
        related: [
          { at: autocast.call, message: 'entered' },
          ...others.map(other => ({ at: other, message: 'also' }) as const),
        ],
        fix: edits && { message: 'leave', safe: false, edits },
      }
    }
  },
})

/** Only where the block is there for autocast alone, and nothing computes a loss in what would leave it. */
function repair(model: Model, { call, autocast }: CastBackward): readonly Edit[] | undefined {
  const block = model.nodes('With').find(({ items }) => items[0]?.contextExpression === autocast.call)
  const first = block?.body.find(statement => encloses(statement, call))
  if (!block || !first || block.items.length > 1 || !movable.has(first.kind)) return undefined
  const moved = block.body.slice(block.body.indexOf(first))
  return moved.some(statement => runsForward(model, statement)) ? undefined : moveOut(model, block, first)
}

const movable: ReadonlySet<ast.Kind> = new Set(['Expr', 'Assign', 'If'])
