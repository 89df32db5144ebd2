/** The names that matter to certain expressions. */
import { nodesRun } from '../../semantic/followed.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { children } from '../../syntax/walk.ts'

/**
 * The names that the expressions read, what was assigned to those, and so on. A function's result is not what was passed to
 * it, but it is computed from that: `arguments` follows what is passed as well.
 */
export function namesBehind(
  model: Model,
  expressions: readonly ast.Expression[],
  follows: 'values' | 'arguments',
): ReadonlySet<string> {
  const names = new Set<string>()
  const collect = (node: ast.Node): void => {
    if (node.kind === 'Name') names.add(node.id)
    else if (node.kind === 'Attribute') names.add(node.attr)
    // A method's result may be its receiver: `scaled.mean()`.
    if (node.kind === 'Call' && follows === 'values') collect(node.func)
    else for (const child of children(node)) collect(child)
  }
  for (const expression of expressions) collect(expression)
  const assignments = [...nodesRun(model, 'Assign'), ...nodesRun(model, 'AugAssign')].map(node => ({
    targets: 'targets' in node ? node.targets : [node.target],
    value: node.value,
  }))
  for (let size = -1; size !== names.size; ) {
    size = names.size
    for (const { targets, value } of assignments) if (targets.some(target => mentions(target, names))) collect(value)
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
