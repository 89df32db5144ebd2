import type * as ast from '../syntax/ast.ts'
import type { Analysis } from './analysis.ts'

/** For `super()` and `super(Class, self)`: the class whose bases are meant. */
export function superOwner(analysis: Analysis, node: ast.Expression): ast.ClassDef | undefined {
  if (node.kind !== 'Call' || node.func.kind !== 'Name' || node.func.id !== 'super') return undefined
  if (analysis.names.variable(node.func)) return undefined
  const [first] = node.args
  if (!first) return enclosingClass(analysis, node)
  const [value, ...others] = analysis.values(first)
  return value?.kind === 'class' && others.length === 0 ? value.node : undefined
}

/** The class of the file in whose method a node stands, closures included. */
function enclosingClass(analysis: Analysis, node: ast.Node): ast.ClassDef | undefined {
  let scope = analysis.scope(node)
  while (scope.kind !== 'Module') {
    if (scope.kind === 'ClassDef') return scope
    scope = analysis.scope(scope)
  }
  return undefined
}

/** `super()`, whatever it is given. */
export const isSuperCall = (node: ast.Expression): boolean =>
  node.kind === 'Call' && node.func.kind === 'Name' && node.func.id === 'super'
