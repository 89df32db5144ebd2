/** The names that matter to certain expressions. */
import { nodesRun } from '../../semantic/followed.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { children } from '../../syntax/walk.ts'

/** The names that the expressions read, what was assigned to those, and so on. */
export function namesBehind(model: Model, expressions: readonly ast.Expression[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const expression of expressions) collect(expression, names)
  const assignments = [...nodesRun(model, 'Assign'), ...nodesRun(model, 'AugAssign')].map(node => ({
    targets: 'targets' in node ? node.targets : [node.target],
    value: node.value,
  }))
  for (let size = -1; size !== names.size; ) {
    size = names.size
    for (const { targets, value } of assignments)
      if (targets.some(target => mentions(target, names))) collect(value, names)
  }
  return names
}

/** Does the target assign one of the names? */
export function mentions(target: ast.Expression, names: ReadonlySet<string>): boolean {
  if (target.kind === 'Name') return names.has(target.id)
  if (target.kind === 'Attribute') return names.has(target.attr)
  if (target.kind === 'Subscript') return mentions(target.value, names)
  return 'elements' in target && target.elements.some(each => mentions(each, names))
}

/** A function's result is not what was passed to it, but a method's may be its receiver's: `scaled.mean()`. */
function collect(node: ast.Node, names: Set<string>): void {
  if (node.kind === 'Name') names.add(node.id)
  else if (node.kind === 'Attribute') names.add(node.attr)
  if (node.kind === 'Call') collect(node.func, names)
  else for (const child of children(node)) collect(child, names)
}
