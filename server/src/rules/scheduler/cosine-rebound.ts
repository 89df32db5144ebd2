import type { Model } from '../../semantic/model.ts'
import { textOf } from '../../torch/names.ts'
import { rebounds, type ShortSchedule } from '../../torch/scheduleLengths.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'info',
  since: '0.1.0',
  messages: {
    rebound: {
      en: 'the loops step `{scheduler}` beyond `T_max={argument}`: from there the learning rate climbs again',
      zh: '循环中调用 `{scheduler}.step()` 的次数超过 `T_max={argument}`：此后学习率会重新上升',
    },
    stepped: { en: '`{scheduler}` steps here', zh: '`{scheduler}` 在此处调用 `step`' },
    write: { en: 'Let it reach its end: `T_max={text}`', zh: '让它走完全程：`T_max={text}`' },
  },
  *check(model) {
    for (const found of rebounds(model)) {
      const { creation, step } = found.stepping
      const scheduler = textOf(model, step.scheduler)
      yield {
        at: creation.call,
        message: 'rebound',
        scheduler,
        argument: textOf(model, found.argument),
        related: [{ at: step.call, message: 'stepped', scheduler }],
        fix: fixOf(model, found),
      }
    }
  },
})

/** The number of the one loop that steps it, as that loop writes it. */
function fixOf(model: Model, { stepping, argument }: ShortSchedule) {
  const [loop, ...others] = stepping.loops
  if (loop?.node.kind !== 'For' || others.length > 0 || loop.node.iter.kind !== 'Call') return undefined
  const { func, args } = loop.node.iter
  const [stop, ...rest] = args
  if (func.kind !== 'Name' || func.id !== 'range' || !stop || rest.length > 0) return undefined
  if (stop.kind !== 'Name' && stop.kind !== 'Constant') return undefined
  if (stop.kind === 'Name' && model.scope(loop.node) !== model.scope(stepping.creation.call)) return undefined
  const text = textOf(model, stop)
  return { message: 'write', text, safe: false, edits: [replace(argument, text)] } as const
}
