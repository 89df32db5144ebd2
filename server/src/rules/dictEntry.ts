import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { endOfLine } from '../syntax/lines.ts'
import { groupedRange } from './arguments.ts'
import { insertion } from './edits.ts'
import type { Edit } from './rule.ts'

/** Adds an entry, written `key: value`, behind the last one of a dictionary, in its layout. */
export function appendEntry(model: Model, dict: ast.Dict, entry: string): readonly Edit[] {
  const { text } = model
  const last = dict.values.at(-1)
  if (!last) return [insertion(dict.start + 1, entry)]
  const { end } = groupedRange(model, last)
  const comma = /^(?:\s|#.*)*,/.exec(text.slice(end, dict.end - 1))
  const behind = end + (comma?.[0].length ?? 0)
  const [lead] = /(?:\r\n|\r|\n)[ \t]*$/.exec(text.slice(dict.start + 1, (dict.keys.at(-1) ?? last).start)) ?? []
  if (lead === undefined) return [insertion(behind, comma ? ` ${entry},` : `, ${entry}`)]
  // A comment behind the last entry stays with it.
  const line = Math.min(endOfLine(text, behind), dict.end - 1)
  return comma ? [insertion(line, `${lead}${entry},`)] : [insertion(end, ','), insertion(line, lead + entry)]
}
