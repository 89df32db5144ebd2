import type { Node } from './ast.ts'
import { children } from './walk.ts'

/** Nodes are built from the inside out; this tells those inside `node` which one holds them. */
export function adopt(node: Node): void {
  for (const child of children(node)) {
    ;(child as { parent: Node }).parent = node
    adopt(child)
  }
}
