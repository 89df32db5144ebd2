import type * as ast from '../syntax/ast.ts'

/** The key of a subscript or dict display that a literal spells: `"g"`, `0`, `-1`. */
export function literalKey(node: ast.Expression): string | number | undefined {
  if (node.kind === 'UnaryOp' && node.op === '-') {
    const positive = literalKey(node.operand)
    return typeof positive === 'number' ? -positive : undefined
  }
  if (node.kind !== 'Constant' || (node.type !== 'str' && node.type !== 'int')) return undefined
  return typeof node.value === 'string' || typeof node.value === 'number' ? node.value : undefined
}

/** The last part of a dotted name: `step` of `self.optimizer.step`. */
export function lastName(node: ast.Expression): string {
  if (node.kind === 'Attribute') return node.attr
  return node.kind === 'Name' ? node.id : ''
}
