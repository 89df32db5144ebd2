import type { Module, Node } from '../../server/src/syntax/ast.ts'

/** A tree as plain data, with everything but the links between nodes. */
export function dump({ body, comments }: Module): unknown {
  return { body: body.map(dumpNode), comments }
}

function dumpNode(node: Node): unknown {
  const fields = Object.entries(node).filter(([name]) => name !== 'parent' && name !== 'children')
  return Object.fromEntries(fields.map(([name, value]) => [name, dumpValue(value)]))
}

function dumpValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dumpValue)
  return isNode(value) ? dumpNode(value) : value
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value
}
