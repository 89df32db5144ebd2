import type * as ast from '../syntax/ast.ts'

/** The loops whose body runs the node again and again, innermost first. */
export function loopsAround(node: ast.Node): readonly (ast.For | ast.While)[] {
  const loops: (ast.For | ast.While)[] = []
  let child = node
  for (let parent = child.parent; parent; parent = child.parent) {
    if (parent.kind === 'FunctionDef' || parent.kind === 'Lambda' || parent.kind === 'ClassDef') break
    if ((parent.kind === 'For' || parent.kind === 'While') && repeats(parent, child)) loops.push(parent)
    child = parent
  }
  return loops
}

/** The iterable is evaluated once, before the loop, and the `else` clause once, after it. */
function repeats(loop: ast.For | ast.While, part: ast.Node): boolean {
  if (loop.kind === 'For' && part === loop.iter) return false
  return !loop.orelse.some(statement => statement === part)
}

/** The `with` items and decorators in force at a node, innermost first, up to its function's decorators. */
export function contextsAround(node: ast.Node): readonly ast.Expression[] {
  const contexts: ast.Expression[] = []
  let child = node
  for (let parent = child.parent; parent; parent = child.parent) {
    if (parent.kind === 'With') {
      const entered = child.kind === 'WithItem' ? parent.items.indexOf(child) : parent.items.length
      for (const item of parent.items.slice(0, entered).reverse()) contexts.push(item.contextExpression)
    } else if (parent.kind === 'FunctionDef') {
      const isInBody = child.kind !== 'Decorator' && child.kind !== 'Parameter' && child !== parent.returns
      if (isInBody) {
        for (const decorator of [...parent.decorators].reverse()) contexts.push(decorator.expression)
        break
      }
    } else if (parent.kind === 'Lambda' || parent.kind === 'ClassDef') break
    child = parent
  }
  return contexts
}
