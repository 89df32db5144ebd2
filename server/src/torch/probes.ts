import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

/** Is a failure of this code what its author waits for: a test that it raises, or a `try` that asks what PyTorch can do? */
export function isProbe(model: Model, node: ast.Node): boolean {
  return model.contexts(node).some(context => isExpectation(model, context)) || isTried(node)
}

/** `pytest.raises(ValueError)`, `self.assertRaises(TypeError)`, `contextlib.suppress(RuntimeError)`. */
function isExpectation(model: Model, context: ast.Expression): boolean {
  return (
    context.kind === 'Call' &&
    /(?:raises|warns|suppress)\w*$/i.test(model.text.slice(context.func.start, context.func.end))
  )
}

/** A body of more statements than this is work, and not a question. */
const longestQuestion = 3

function isTried(node: ast.Node): boolean {
  let child = node
  for (let parent = child.parent; parent; parent = child.parent) {
    if (parent.kind === 'FunctionDef' || parent.kind === 'Lambda') return false
    if (parent.kind === 'Try' && parent.handlers.length > 0 && parent.body.length <= longestQuestion)
      if (parent.body.some(statement => statement === child)) return true
    child = parent
  }
  return false
}
