import type * as ast from '../syntax/ast.ts'
import type { Analysis } from './analysis.ts'
import { scopeOf } from './scopes.ts'

/** For `super()` and `super(Class, self)`: the class whose bases are meant. */
export function superOwner(analysis: Analysis, node: ast.Expression): ast.ClassDef | undefined {
  if (node.kind !== 'Call' || node.func.kind !== 'Name' || node.func.id !== 'super') return undefined
  if (analysis.names.variable(node.func)) return undefined
  const [first] = node.args
  if (!first) return enclosingClass(node, analysis.module)
  const [value, ...others] = analysis.values(first)
  return value?.kind === 'class' && others.length === 0 ? value.node : undefined
}

/** The class of the file in whose method a node stands, closures included. */
function enclosingClass(node: ast.Node, module: ast.Module): ast.ClassDef | undefined {
  let scope = scopeOf(node, module)
  while (scope.kind !== 'Module') {
    if (scope.kind === 'ClassDef') return scope
    scope = scopeOf(scope, module)
  }
  return undefined
}

/** `super()`, whatever it is given. */
export const isSuperCall = (node: ast.Expression): boolean =>
  node.kind === 'Call' && node.func.kind === 'Name' && node.func.id === 'super'
