import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { textOf } from '../../torch/names.ts'
import { type UnsafeLossCall, unsafeLossCalls } from '../../torch/unsafeLosses.ts'
import { replace } from '../edits.ts'
import { reference } from '../imports.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    function: {
      en: '`{loss}` raises a RuntimeError under CUDA autocast: pass logits to `{successor}` instead',
      zh: '`{loss}` 在 CUDA 的 autocast 下会抛出 RuntimeError：应把 logits 传给 `{successor}`',
    },
    module: {
      en: '`{loss}` is a `{name}`, which raises a RuntimeError under CUDA autocast: pass logits to `{successor}` instead',
      zh: '`{loss}` 是 `{name}`，在 CUDA 的 autocast 下会抛出 RuntimeError：应把 logits 传给 `{successor}`',
    },
    entered: { en: 'autocast is entered here', zh: '此处进入 autocast' },
    logits: { en: 'Pass logits to `{successor}`', zh: '把 logits 传给 `{successor}`' },
  },
  *check(model) {
    for (const found of unsafeLossCalls(model)) {
      const { call, name, successor, autocast, isConditional, isFunction } = found
      const edits = onLogits(model, found)
      yield {
        at: call,
        message: isFunction ? 'function' : 'module',
        severity: isConditional ? 'warning' : 'error',
        loss: textOf(model, call.func),
        name: shortName(name),
        successor: shortName(successor),
        related: [{ at: autocast.call, message: 'entered' }],
        fix: edits && { message: 'logits', successor: shortName(successor), safe: false, edits },
      }
    }
  },
})

/** `BCELoss`, `binary_cross_entropy`. */
const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1)

/** Only where the sigmoid stands in the loss's own argument: elsewhere its result may have other uses. */
function onLogits(model: Model, { call, creation, sigmoid, successor }: UnsafeLossCall) {
  if (!sigmoid) return undefined
  const named = creation?.func ?? call.func
  const to = renamed(model, named, successor)
  if (to === undefined) return undefined
  const logits = textOf(model, sigmoid.logits)
  const edits = [replace(named, to), replace(sigmoid.call, logits)]
  return edits.sort((a, b) => a.start - b.start)
}

function renamed(model: Model, callee: ast.Expression, successor: string): string | undefined {
  if (callee.kind === 'Attribute') return `${textOf(model, callee.value)}.${shortName(successor)}`
  const found = reference(model, successor, callee)
  return found?.edits.length === 0 ? found.text : undefined
}
