import type * as ast from '../syntax/ast.ts'

/** The nodes of a list in source order that stand within a node, itself included. */
export function nodesWithin<T extends ast.Node>(nodes: readonly T[], within: ast.Node): readonly T[] {
  const { start, end } = within
  const first = lowerBound(nodes, start)
  const last = lowerBound(nodes, end)
  return nodes
    .slice(first, last)
    .filter(node => node.end <= end && (!hasRange(node, start, end) || isInside(node, within)))
}

/** A node of the same range may also be the one around. */
function hasRange(node: ast.Node, start: number, end: number): boolean {
  return node.start === start && node.end === end
}

function isInside(node: ast.Node, within: ast.Node): boolean {
  for (let each: ast.Node | undefined = node; each; each = each.parent) if (each === within) return true
  return false
}

/** The index of the first node that starts at the offset or behind it. */
function lowerBound(nodes: readonly ast.Node[], offset: number): number {
  let low = 0
  let high = nodes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((nodes[middle]?.start ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low
}
