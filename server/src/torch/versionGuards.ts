import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

/** Does the code run only for some versions: is it in a branch on `torch.__version__`? */
export function isVersionGuarded(model: Model, node: ast.Node): boolean {
  for (let at = node.parent; at; at = at.parent) {
    const test = at.kind === 'If' || at.kind === 'IfExp' ? at.test : undefined
    if (test && /version/i.test(model.text.slice(test.start, test.end))) return true
  }
  return false
}
