import type * as ast from '../syntax/ast.ts'
import { type Analysis, isNone, union, type Values } from './analysis.ts'

/** The values of an expression whose attribute is read: it is not None there. */
export function receiverValues(analysis: Analysis, node: ast.Expression): Values {
  const values = analysis.values(node)
  const objects = values.filter(value => !isNone(value))
  return objects.length > 0 ? objects : values
}

/** What an annotation promises stands for what could not be followed. */
export function promised(analysis: Analysis, values: Values, annotation: ast.Expression): Values {
  const followed = values.filter(
    value => value.kind !== 'unknown' && value.kind !== 'parameter' && value.kind !== 'result',
  )
  if (followed.length === values.length) return values
  const promise = analysis.annotationValues(annotation)
  return promise.some(value => value.kind === 'unknown') ? values : union([followed, promise])
}
