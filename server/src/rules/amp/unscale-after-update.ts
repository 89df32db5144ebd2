import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { ampEvents } from '../../torch/amp/events.ts'
import { textOf } from '../../torch/amp/names.ts'
import { ampViolations } from '../../torch/amp.ts'
import { inOrder, moveBefore } from '../edits.ts'
import { statementOf, suiteOf } from '../layout.ts'
import { pathMessages, pathOf } from '../protocolPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ...pathMessages,
    early: {
      en: '`{scaler}.unscale_({optimizer})` comes before the gradients: the next step runs on gradients that are still scaled',
      zh: '`{scaler}.unscale_({optimizer})` 执行时还没有新的梯度：下一次 step 用的是放大后的梯度',
    },
    move: {
      en: 'Move `{scaler}.unscale_({optimizer})` between the backward pass and the step',
      zh: '把 `{scaler}.unscale_({optimizer})` 移到反向传播和 step 之间',
    },
  },
  *check(model) {
    for (const violation of ampViolations(model, 'amp/unscale-after-update')) {
      const { call } = violation
      const event = ampEvents(model).get(call)
      if (event?.kind !== 'unscale') continue
      const [scaler, optimizer] = [textOf(model, event.scaler), textOf(model, event.optimizer)]
      const edits = moveToGradients(model, call)
      yield {
        at: call,
        message: 'early',
        scaler,
        optimizer,
        related: pathOf(violation),
        fix: edits && { message: 'move', scaler, optimizer, safe: false, edits },
      }
    }
  },
})

/** Moves the unscaling, and the clipping right behind it, to where the gradients of the block are ready. */
function moveToGradients(model: Model, call: ast.Call) {
  const unscaling = statementOf(call)
  const { statements } = suiteOf(model, unscaling)
  const from = statements.indexOf(unscaling)
  const isNoClip = (statement: ast.Statement): boolean => !holds(model, statement, 'clip')
  const end = statements.findIndex((statement, index) => index > from && isNoClip(statement))
  const moved = statements.slice(from, end < 0 ? undefined : end)
  if (moved.some(({ kind }) => kind !== 'Expr' && kind !== 'Assign')) return undefined
  const ready = statements.findLastIndex(statement => holds(model, statement, 'backward'))
  const target = statements
    .slice(ready + 1)
    .find(each => !moved.includes(each) && (holds(model, each, 'clip') || holds(model, each, 'step')))
  if (ready < 0 || target?.kind !== 'Expr') return undefined
  return inOrder(moved.flatMap(statement => moveBefore(model, statement, target)))
}

const holds = (model: Model, statement: ast.Statement, kind: 'backward' | 'clip' | 'step'): boolean =>
  model.nodes('Call', statement).some(call => ampEvents(model).get(call)?.kind === kind)
