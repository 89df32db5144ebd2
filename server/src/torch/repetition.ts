/** What runs again and again, through calls into the file's own functions. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

export type Loop = ast.For | ast.While

const depthLimit = 4

/** The innermost loop that makes it anew each time, also around calls of its function. */
export function loopAround(model: Model, node: ast.Expression, depth: number): Loop | undefined {
  const [loop] = model.loops(node)
  if (isConditional(node, loop)) return undefined
  if (loop || depth > depthLimit) return loop
  for (const site of sitesOf(model, node)) {
    const around = loopAround(model, site, depth + 1)
    if (around) return around
  }
  return undefined
}

/** `if self.scaler is None: self.scaler = GradScaler()` makes one the first time only. */
function isConditional(node: ast.Node, loop: Loop | undefined): boolean {
  for (let at = node.parent; at && at !== loop; at = at.parent) {
    if (at.kind === 'FunctionDef' || at.kind === 'Lambda') return false
    if (at.kind === 'If' || at.kind === 'Try' || at.kind === 'Match' || at.kind === 'BoolOp') return true
  }
  return false
}

/** How many loops inside `loop` are around the node. */
export function loopsBetween(model: Model, node: ast.Node, loop: Loop, depth: number): number | undefined {
  const around = model.loops(node)
  const index = around.indexOf(loop)
  if (index >= 0) return index
  if (depth > depthLimit) return undefined
  for (const site of sitesOf(model, node)) {
    const outer = loopsBetween(model, site, loop, depth + 1)
    if (outer !== undefined) return around.length + outer
  }
  return undefined
}

/** Where the function that a node stands in is called. A constructor makes an object that has its own life. */
function sitesOf(model: Model, node: ast.Node): readonly ast.Call[] {
  let at = node.parent
  while (at && at.kind !== 'FunctionDef') at = at.parent
  return at && at.name !== '__init__' ? (model.callSites(at) ?? []) : []
}
