import type { Model } from '../semantic/model.ts'
import { endOfLine } from '../syntax/lines.ts'
import { textOf } from '../torch/names.ts'
import type { AssignedSetting } from '../torch/optimizerAttributes.ts'
import { replace } from './edits.ts'
import { hasOwnLine, indentationOf, indentationUnit, lineBreakOf, quoteOf } from './layout.ts'
import type { Edit } from './rule.ts'

/**
 * Assigns to the parameter groups what is assigned to the optimizer:
 *
 *     optimizer.lr = lr
 *
 *     for group in optimizer.param_groups:
 *         group["lr"] = lr
 *
 * Undefined where the statement assigns to more, or shares its lines with other code.
 */
export function assignToGroups(
  model: Model,
  { statement, optimizer, setting }: AssignedSetting,
): readonly Edit[] | undefined {
  const { text } = model
  const behind = text.slice(statement.end, endOfLine(text, statement.end))
  const isAlone = hasOwnLine(text, statement) && /^[ \t]*(#.*)?$/.test(behind)
  const isSimple = statement.kind === 'AugAssign' || statement.targets.length === 1
  if (!isAlone || !isSimple || /[\r\n]/.test(textOf(model, statement))) return undefined
  const group = model.nodes('Name').some(({ id }) => id === 'group') ? 'param_group' : 'group'
  const target = statement.kind === 'AugAssign' ? statement.target : statement.targets[0]
  const assignment = text.slice(target?.end, statement.end)
  const quote = quoteOf(model)
  const lines = [
    `for ${group} in ${textOf(model, optimizer)}.param_groups:`,
    `${indentationOf(model, statement)}${indentationUnit(model)}${group}[${quote}${setting}${quote}]${assignment}`,
  ]
  return [replace(statement, lines.join(lineBreakOf(model)))]
}
