import type { Model } from '../../semantic/model.ts'
import { encloses } from '../../syntax/walk.ts'
import { ampEvents } from '../../torch/amp/events.ts'
import { namesAt, textOf } from '../../torch/amp/names.ts'
import type { Violation } from '../../torch/amp/survey.ts'
import { ampViolations } from '../../torch/amp.ts'
import { history } from '../../torch/cells.ts'
import { insertBefore, moveBefore } from '../edits.ts'
import { statementOf, suiteOf } from '../layout.ts'
import { pathMessages, pathOf } from '../protocolPath.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    ...pathMessages,
    clipsScaled: {
      en: '`{clip}` clips scaled gradients: call `{scaler}.unscale_({optimizer})` first',
      zh: '`{clip}` 裁剪的是放大后的梯度：应先调用 `{scaler}.unscale_({optimizer})`',
    },
    insert: { en: 'Insert `{scaler}.unscale_({optimizer})`', zh: '插入 `{scaler}.unscale_({optimizer})`' },
    move: {
      en: 'Move `{scaler}.unscale_({optimizer})` in front of the clipping',
      zh: '把 `{scaler}.unscale_({optimizer})` 移到裁剪之前',
    },
  },
  *check(model) {
    for (const violation of ampViolations(model, 'amp/clip-before-unscale')) {
      const event = ampEvents(model).get(violation.call)
      const parameters = event?.kind === 'clip' ? event.parameters : undefined
      const names = namesAt(model, violation.call, parameters)
      if (!names) continue
      const { scaler, optimizer, isInScope } = names
      yield {
        at: violation.call,
        message: 'clipsScaled',
        clip: textOf(model, violation.call.func),
        scaler,
        optimizer,
        related: pathOf(violation),
        fix: isInScope ? repair(model, violation, scaler, optimizer) : undefined,
      }
    }
  },
})

function repair(model: Model, { call, witness }: Violation, scaler: string, optimizer: string) {
  const clipping = clipStatement(model, call, witness)
  const unscaling = model
    .nodes('Call')
    .filter(each => ampEvents(model).get(each)?.kind === 'unscale' && model.scope(each) === model.scope(call))
    .map(statementOf)
  const [later] = unscaling
  if (!later)
    return {
      message: 'insert',
      scaler,
      optimizer,
      safe: true,
      edits: insertBefore(model, clipping, [`${scaler}.unscale_(${optimizer})`]),
    } as const
  const { statements } = suiteOf(model, clipping)
  if (unscaling.length > 1 || later.kind !== 'Expr' || !statements.includes(later)) return undefined
  return { message: 'move', scaler, optimizer, safe: true, edits: moveBefore(model, later, clipping) } as const
}

/** The statement to unscale in front of: around a loop over the parameters, not in it. */
function clipStatement(model: Model, call: Violation['call'], witness: Violation['witness']) {
  const backward = history(witness).findLast(({ kind }) => kind === 'backward')
  const around = model.loops(call).filter(loop => !backward || !encloses(loop, backward.site))
  return around.at(-1) ?? statementOf(call)
}
