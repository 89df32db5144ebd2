import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { textOf } from '../../torch/names.ts'
import { type ScaledLossRead, scaledLossReads } from '../../torch/scaledLosses.ts'
import { methodCall } from '../../torch/usage.ts'
import { deleteStatement, inOrder, replace } from '../edits.ts'
import { statementOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    scaled: {
      en: '`{value}` is the loss after `{scaler}.scale`: it is larger by the scale factor, 65536 at first',
      zh: '`{value}` 是经过 `{scaler}.scale` 放大的损失：数值大了缩放因子倍，初始为 65536 倍',
    },
    scales: { en: 'the loss is scaled here', zh: '此处放大损失' },
    again: { en: 'the scaled loss is read here, too', zh: '此处也读取了放大后的损失' },
    read: { en: 'Read `{loss}`', zh: '改为读取 `{loss}`' },
    keep: {
      en: 'Keep `{loss}` unscaled: `{scaler}.scale({loss}).backward()`',
      zh: '保留未放大的 `{loss}`：写成 `{scaler}.scale({loss}).backward()`',
    },
  },
  *check(model) {
    const reads = scaledLossReads(model)
    for (const found of reads) {
      const { scale } = found
      const [first, ...others] = reads.filter(each => each.scale === scale)
      if (found !== first) continue
      const scaler = textOf(model, found.scaler)
      yield {
        at: found.at,
        message: 'scaled',
        value: textOf(model, found.at),
        scaler,
        related: [{ at: scale, message: 'scales' }, ...others.map(({ at }) => ({ at, message: 'again' }) as const)],
        fix: repair(model, [found, ...others], scaler),
      }
    }
  },
})

/** One scaled loss, and every reading of it. */
function repair(model: Model, reads: readonly [ScaledLossRead, ...ScaledLossRead[]], scaler: string) {
  const [{ scaled, scale, loss }] = reads
  if (loss.kind !== 'Name') return undefined
  if (scaled.kind === 'Name' && scaled.id === loss.id) {
    const edits = scaledInPlace(model, scale, loss)
    return edits && ({ message: 'keep', loss: loss.id, scaler, safe: false, edits } as const)
  }
  const edits = reads.map(read => replace(read.scaled, loss.id))
  if (reads.some(({ at }) => isAssigned(model, loss.id, scale.end, at.start))) return undefined
  return { message: 'read', loss: loss.id, safe: false, edits } as const
}

function isAssigned(model: Model, name: string, start: number, end: number): boolean {
  return [...model.nodes('Assign'), ...model.nodes('AugAssign')].some(statement => {
    const targets = statement.kind === 'Assign' ? statement.targets : [statement.target]
    const isBetween = statement.start > start && statement.end < end
    return isBetween && targets.some(target => target.kind === 'Name' && target.id === name)
  })
}

/** `loss = scaler.scale(loss)` and `loss.backward()` become `scaler.scale(loss).backward()`. */
function scaledInPlace(model: Model, scale: ast.Call, loss: ast.Name) {
  const backward = model.nodes('Call').flatMap(call => {
    const method = methodCall(call)
    const { receiver } = method ?? {}
    const isSame = receiver?.kind === 'Name' && receiver.id === loss.id && model.sources(receiver).includes(scale)
    return isSame && method?.method === 'backward' ? [receiver] : []
  })
  const [receiver, ...others] = backward
  if (!receiver || others.length > 0 || model.sources(receiver).length > 1) return undefined
  return inOrder([...deleteStatement(model, statementOf(scale)), replace(receiver, textOf(model, scale))])
}
