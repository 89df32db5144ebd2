/** What is meant by an argument of a scheduler that PyTorch rejects, where there is no doubt about it. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { textOf } from '../torch/names.ts'
import type { SchedulerArgumentProblem } from '../torch/schedulerArguments.ts'
import { schedulerArgument } from '../torch/schedulers.ts'
import type { Repair } from './argumentRepair.ts'
import { appendArgument, deleteArgument, groupedRange } from './arguments.ts'
import { replace } from './edits.ts'
import { quoteOf } from './layout.ts'

/** An empty text: the argument goes. */
export function repairedSchedulerArgument(model: Model, found: SchedulerArgumentProblem): Repair | undefined {
  const { creation } = found
  switch (found.problem) {
    case 'unknown':
      return repairedKeyword(model, found)
    case 'choice': {
      const quote = quoteOf(model)
      const isClear = found.meant !== undefined && found.argument.kind === 'Constant'
      return isClear ? written(model, found.argument, quote + found.meant + quote) : undefined
    }
    case 'integer': {
      const [, whole] = /^([\d_]+)\.0*$/.exec(textOf(model, found.argument)) ?? []
      return whole ? written(model, found.argument, whole) : undefined
    }
    case 'number': {
      const isMeant = creation.className === 'MultiStepLR' && found.argument.kind === 'Constant'
      return isMeant ? written(model, found.argument, `[${textOf(model, found.argument)}]`) : undefined
    }
    case 'momentum': {
      const text = 'cycle_momentum=False'
      const isGiven = schedulerArgument(model, creation, 'cycle_momentum') !== undefined
      return isGiven ? undefined : { text, edits: [appendArgument(model, creation.call, text)] }
    }
    default:
      return undefined
  }
}

function repairedKeyword(
  model: Model,
  { creation, keyword, name, meant }: SchedulerArgumentProblem & { readonly problem: 'unknown' },
): Repair | undefined {
  if (name === 'verbose') return { text: '', edits: [deleteArgument(model, creation.call, keyword)] }
  if (meant === undefined) return undefined
  const end = keyword.start + name.length
  return {
    text: meant + model.text.slice(end, keyword.end),
    edits: [replace({ start: keyword.start, end }, meant)],
  }
}

const written = (model: Model, argument: ast.Expression, text: string): Repair => ({
  text,
  edits: [replace(groupedRange(model, argument), text)],
})
