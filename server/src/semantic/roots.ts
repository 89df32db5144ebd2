import type * as ast from '../syntax/ast.ts'
import type { Exploration, Machine } from './explore.ts'
import type { Model } from './model.ts'

/**
 * Explores a whole file: the module's own statements with everything that they call, then every function that nobody in
 * the file is seen to call. A function that is called is explored where it is called, with what is passed to it; where the
 * paths are too many to follow to the end, also by itself. Returns the roots with too many paths.
 */
export function exploreAll<State>(
  model: Model,
  /** Runs one root with a machine of its own. */
  run: (root: ast.Module | ast.FunctionLike) => Exploration,
  isEvent: Machine<State>['isEvent'],
): readonly (ast.Module | ast.FunctionLike)[] {
  const visited = new Set<ast.FunctionLike>()
  const incomplete: (ast.Module | ast.FunctionLike)[] = []
  const visit = (root: ast.Module | ast.FunctionLike): void => {
    const { visited: reached, isComplete } = run(root)
    if (root.kind !== 'Module') visited.add(root)
    if (isComplete) for (const code of reached) visited.add(code)
    else incomplete.push(root)
  }
  visit(model.module)
  const holding = functionsWith(model, isEvent)
  const isCalled = calledFunctions(model)
  const entries = holding.filter(code => !isCalled.has(code))
  for (const code of [...entries, ...holding]) if (!visited.has(code)) visit(code)
  return incomplete
}

/** The functions that contain an event, or call one of the file that does, in source order. */
function functionsWith(model: Model, isEvent: (call: ast.Call) => boolean): readonly ast.FunctionDef[] {
  const holding = new Set<ast.Node>()
  const mark = (node: ast.Node): void => {
    for (let at: ast.Node | undefined = node; at; at = at.parent)
      if (at.kind === 'FunctionDef') {
        holding.add(at)
        return
      }
  }
  const calls = model.nodes('Call')
  for (const call of calls) if (isEvent(call)) mark(call)
  for (let size = -1; size !== holding.size; ) {
    size = holding.size
    for (const call of calls) {
      const callee = model.callee(call)
      if (callee.kind === 'function' && holding.has(callee.node)) mark(call)
    }
  }
  return model.nodes('FunctionDef').filter(code => holding.has(code))
}

function calledFunctions(model: Model): ReadonlySet<ast.FunctionLike> {
  const called = new Set<ast.FunctionLike>()
  for (const call of model.nodes('Call')) {
    const callee = model.callee(call)
    if (callee.kind === 'function') called.add(callee.node)
  }
  return called
}
