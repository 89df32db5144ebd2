import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { type LegacyReduction, legacyReductions } from '../../torch/legacyReductions.ts'
import { textOf } from '../../torch/names.ts'
import { deleteArguments } from '../arguments.ts'
import { inOrder, replace } from '../edits.ts'
import { quoteOf } from '../layout.ts'
import { defineRule, type Edit } from '../rule.ts'

export default defineRule({
  category: 'deprecation',
  severity: 'warning',
  since: '0.1.0',
  tags: ['deprecated'],
  messages: {
    known: {
      en: '`{argument}` of `{loss}` is deprecated: its successor is `{successor}`',
      zh: '`{loss}` 的参数 `{argument}` 已弃用，应改用 `{successor}`',
    },
    unknown: {
      en: '`{argument}` of `{loss}` is deprecated: its successor is `reduction`',
      zh: '`{loss}` 的参数 `{argument}` 已弃用，应改用 `reduction`',
    },
    replace: { en: 'Replace with `{successor}`', zh: '替换为 `{successor}`' },
  },
  *check(model) {
    for (const found of legacyReductions(model)) {
      const { call, options, reduction } = found
      const [first] = options
      if (!first) continue
      const place = {
        at: keywordOf(call, first.value) ?? first.value,
        argument: `${first.name}=${textOf(model, first.value)}`,
        loss: textOf(model, call.func),
      }
      const quote = quoteOf(model)
      const successor = `reduction=${quote}${reduction}${quote}`
      const edits = reduction && rewritten(model, found, successor)
      if (!reduction) yield { message: 'unknown', ...place }
      else
        yield {
          message: 'known',
          ...place,
          successor,
          fix: edits && { message: 'replace', successor, safe: true, edits },
        }
    }
  },
})

/** Only of keywords: what follows a positional argument would move. */
function rewritten(model: Model, { call, options }: LegacyReduction, successor: string): readonly Edit[] | undefined {
  const keywords = options.map(({ value }) => keywordOf(call, value))
  const [first, ...others] = keywords.filter(keyword => keyword !== undefined)
  const isGiven = model.argument(call, 'reduction').kind !== 'absent'
  if (!first || isGiven || others.length + 1 < keywords.length) return undefined
  return inOrder([replace(first, successor), ...deleteArguments(model, call, others)])
}

function keywordOf(call: ast.Call, value: ast.Expression): ast.Keyword | undefined {
  return call.keywords.find(keyword => keyword.value === value)
}
