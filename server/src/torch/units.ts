import type * as ast from '../syntax/ast.ts'

/** The outermost function or class around a node. */
export function unitOf(node: ast.Node): ast.FunctionDef | ast.ClassDef | undefined {
  let unit: ast.FunctionDef | ast.ClassDef | undefined
  for (let at = node.parent; at; at = at.parent) if (at.kind === 'FunctionDef' || at.kind === 'ClassDef') unit = at
  return unit
}
