/** Flags of `torch.backends` that a statement compares and thereby leaves as they were. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { flagFact, isInvalid } from './flagValues.ts'

export interface ComparedFlag {
  readonly statement: ast.Expr
  readonly flag: ast.Expression
  /** The `==` that was meant to be `=`; undefined where an assignment could not stand in its place. */
  readonly operator: { readonly start: number; readonly end: number } | undefined
}

export function comparedFlags(model: Model): readonly ComparedFlag[] {
  return model.nodes('Expr').flatMap(statement => {
    const { value } = statement
    if (value.kind !== 'Compare' || !value.ops.every(op => op === '==')) return []
    const flag = [value.left, ...value.comparators].find(operand => flagFact(model, operand))
    return flag ? [{ statement, flag, operator: assignment(model, statement, value) }] : []
  })
}

/** Only `flag == value`, not in parentheses, becomes an assignment that works. */
function assignment(model: Model, statement: ast.Expr, { left, comparators, start, end }: ast.Compare) {
  const [value, ...others] = comparators
  const fact = flagFact(model, left)
  if (!value || others.length > 0 || !fact || isInvalid(model, value, fact)) return undefined
  if (statement.start !== start || statement.end !== end) return undefined
  const operator = model.text.indexOf('==', left.end)
  return { start: operator, end: operator + '=='.length }
}
