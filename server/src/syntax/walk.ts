import type { Node } from './ast.ts'
import type { Base } from './node.ts'

/** The nodes directly inside `node`, in source order. */
export function children(node: Node): readonly Node[] {
  return (node as Node & Base<Node['kind']>).children
}

/** Calls `visit` for `node` and everything inside it, in source order. A `visit` that returns `false` leaves out what is inside. */
export function walk(node: Node, visit: (node: Node) => unknown): void {
  if (visit(node) === false) return
  for (const child of children(node)) walk(child, visit)
}

/** Does a node lie in the range of another, or have the same? */
export function encloses(outer: Node, inner: Node): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}
