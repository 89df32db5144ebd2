import type * as ast from '../syntax/ast.ts'
import { functionsRun } from './dispatch.ts'
import type { Model } from './model.ts'

/** More functions than this are a library rather than a part of the script. */
const maximumFunctions = 400

/** The functions of other files that the file's own calls may run, themselves or through each other. */
export function followedFunctions(model: Model): readonly ast.FunctionLike[] {
  const found = new Set<ast.FunctionLike>()
  const follow = (calls: readonly ast.Call[]): void => {
    for (const call of calls)
      for (const code of functionsRun(model, call))
        if (found.size < maximumFunctions && model.moduleOf(code) !== model.module) found.add(code)
  }
  follow(model.nodes('Call'))
  for (const code of found) follow(model.nodes('Call', code))
  return [...found]
}

/** The nodes of a kind in the file, and in the functions of other files that it runs. */
export function nodesRun<K extends ast.Kind>(model: Model, kind: K): readonly ast.NodeOf<K>[] {
  const followed = model.followed()
  if (followed.length === 0) return model.nodes(kind)
  const known = answers.get(model) ?? new Map<ast.Kind, readonly ast.Node[]>()
  answers.set(model, known)
  const nodes = known.get(kind) ?? [...model.nodes(kind), ...new Set(followed.flatMap(code => model.nodes(kind, code)))]
  known.set(kind, nodes)
  return nodes as readonly ast.NodeOf<K>[]
}

/** The file, and those that the functions stand in which it runs. */
export const filesRun = (model: Model): readonly ast.Module[] => [
  ...new Set([model.module, ...model.followed().map(code => model.moduleOf(code))]),
]

const answers = new WeakMap<Model, Map<ast.Kind, readonly ast.Node[]>>()
