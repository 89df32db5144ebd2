import type * as ast from '../syntax/ast.ts'
import { functionsRun } from './dispatch.ts'
import { nodesRun } from './followed.ts'
import type { Model } from './model.ts'

/** The calls that may run each function, in the file and in the functions of other files that it runs. */
export function callersOf(model: Model): ReadonlyMap<ast.FunctionLike, readonly ast.Call[]> {
  const known = answers.get(model)
  if (known) return known
  const found = new Map<ast.FunctionLike, ast.Call[]>()
  for (const call of nodesRun(model, 'Call'))
    for (const code of functionsRun(model, call)) {
      const others = found.get(code)
      if (others) others.push(call)
      else found.set(code, [call])
    }
  answers.set(model, found)
  return found
}

/** Every exploration of a file asks for them. */
const answers = new WeakMap<Model, ReadonlyMap<ast.FunctionLike, readonly ast.Call[]>>()
