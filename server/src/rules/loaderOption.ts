/** Gives an option of a DataLoader another value. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { appendArgument } from './arguments.ts'
import { replace } from './edits.ts'
import type { Edit } from './rule.ts'

/** Replaces the value where the call has one; `argument` is `shuffle=True`. */
export function loaderOptionFix(
  model: Model,
  loader: ast.Call,
  value: ast.Expression | undefined,
  argument: string,
): Edit {
  const isWritten = value !== undefined && encloses(loader, value)
  return isWritten ? replace(value, argument.slice(argument.indexOf('=') + 1)) : appendArgument(model, loader, argument)
}
