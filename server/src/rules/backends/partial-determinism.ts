import type { Model } from '../../semantic/model.ts'
import { textOf } from '../../torch/names.ts'
import { type PartialSeed, partialSeed } from '../../torch/seeding.ts'
import { inOrder, insertAfter } from '../edits.ts'
import { type Reference, reference } from '../imports.ts'
import { statementOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'off',
  since: '0.1.0',
  messages: {
    partial: {
      en: '`{call}` alone does not make runs repeat: set `{missing}` as well',
      zh: '只有 `{call}`，运行结果仍无法复现：还要设置 `{missing}`',
    },
    complete: { en: 'Set what is missing', zh: '补上缺少的设置' },
  },
  *check(model) {
    const found = partialSeed(model)
    if (!found) return
    const missing = missingNames(found).map(name => reference(model, name, found.call)?.text ?? name)
    const lines = linesOf(model, found)
    yield {
      at: found.call,
      message: 'partial',
      call: textOf(model, found.call),
      missing: missing.join(', '),
      fix: lines && {
        message: 'complete',
        safe: false,
        edits: inOrder([
          ...lines.flatMap(({ edits }) => edits),
          ...insertAfter(
            model,
            found.call,
            lines.map(({ text }) => text),
          ),
        ]),
      },
    }
  },
})

const missingNames = ({ unseeded, isCudnnFree }: PartialSeed): readonly string[] => [
  ...unseeded,
  ...(isCudnnFree ? ['torch.backends.cudnn.deterministic'] : []),
]

/** The rest of the seeding block; undefined where the seed is not a statement of its own, or has no name to repeat. */
function linesOf(model: Model, { call, seed, unseeded, isCudnnFree }: PartialSeed): readonly Reference[] | undefined {
  if (statementOf(call).kind !== 'Expr' || call.parent?.kind !== 'Expr' || !seed) return undefined
  const line = (name: string, write: (text: string) => string): Reference | undefined => {
    const found = reference(model, name, call)
    return found && { ...found, text: write(found.text) }
  }
  const lines = [
    ...unseeded.map(name => line(name, text => `${text}(${textOf(model, seed)})`)),
    ...(isCudnnFree
      ? [
          line('torch.backends.cudnn.deterministic', text => `${text} = True`),
          line('torch.backends.cudnn.benchmark', text => `${text} = False`),
        ]
      : []),
  ]
  return lines.every(each => each !== undefined) ? lines : undefined
}
