/** Do two places run together? */
import type * as ast from '../../syntax/ast.ts'

/** Does the first place run whenever the second one does, as far as branches of its own function decide? */
export function runsWhenever(first: ast.Node, second: ast.Node): boolean {
  return conditionsAround(first).every(({ branch, child }) =>
    conditionsAround(second).some(each => each.branch === branch && isSameSide(branch, each.child, child)),
  )
}

interface Condition {
  readonly branch: ast.Node
  /** The part of it that the place stands in. */
  readonly child: ast.Node
}

function conditionsAround(node: ast.Node): readonly Condition[] {
  const found: Condition[] = []
  let child = node
  for (let at = node.parent; at && at.kind !== 'FunctionDef' && at.kind !== 'Lambda'; at = at.parent) {
    if (conditional.has(at.kind)) found.push({ branch: at, child })
    child = at
  }
  return found
}

const conditional: ReadonlySet<ast.Kind> = new Set([
  'If',
  'IfExp',
  'While',
  'Try',
  'ExceptHandler',
  'Match',
  'MatchCase',
  'BoolOp',
])

function isSameSide(branch: ast.Node, a: ast.Node, b: ast.Node): boolean {
  if (a === b) return true
  if (branch.kind !== 'If')
    return (
      branch.kind === 'While' || branch.kind === 'Try' || branch.kind === 'ExceptHandler' || branch.kind === 'MatchCase'
    )
  const isInBody = (node: ast.Node) => branch.body.some(each => each === node)
  return isInBody(a) === isInBody(b)
}
