import type * as ast from '../syntax/ast.ts'
import type { Frame } from './frames.ts'
import type { Callee, Model } from './model.ts'

/**
 * What a call calls on this path. A method that a class of the file overrides is unknown in the text, `self.before_step()`,
 * but known where the path has seen which class the object is of.
 */
export function calleeOn(model: Model, call: ast.Call, frame: Frame): Callee {
  const callee = model.callee(call)
  const { func } = call
  if (callee.kind !== 'unknown' || func.kind !== 'Attribute' || !isSelf(func.value, frame)) return callee
  const candidates = model.values(func).flatMap(value => (value.kind === 'function' ? [value.node] : []))
  const node = frame.class && inherited(model, frame.class, candidates, 0)
  return node ? { kind: 'function', node, receiver: func.value } : callee
}

/** The functions that a call may run, as the text shows it; of an overridden method all. */
export function functionsRun(model: Model, call: ast.Call): readonly ast.FunctionLike[] {
  const callee = model.callee(call)
  if (callee.kind === 'function') return [callee.node]
  const init = callee.kind === 'class' ? initializer(callee.node) : undefined
  if (init) return [init]
  if (callee.kind !== 'unknown' || call.func.kind !== 'Attribute') return []
  return model.values(call.func).flatMap(value => (value.kind === 'function' ? [value.node] : []))
}

/** The `__init__` that calling a class runs, if the class itself defines one. */
export const initializer = (node: ast.ClassDef): ast.FunctionDef | undefined =>
  node.body.find(
    (statement): statement is ast.FunctionDef => statement.kind === 'FunctionDef' && statement.name === '__init__',
  )

/** Is the expression the first parameter of the method that runs? */
export const isSelf = (expression: ast.Expression, { code }: Frame): boolean =>
  expression.kind === 'Name' &&
  code.kind === 'FunctionDef' &&
  code.parent?.kind === 'ClassDef' &&
  expression.id === code.parameters[0]?.name

/** The candidate that the class defines, or the nearest of its bases. */
function inherited(
  model: Model,
  owner: ast.ClassDef,
  candidates: readonly ast.FunctionLike[],
  depth: number,
): ast.FunctionLike | undefined {
  const own = candidates.find(({ parent }) => parent === owner)
  if (own || depth > maximumDepth) return own
  for (const base of owner.bases) {
    const [value, ...others] = model.values(base)
    const found =
      value?.kind === 'class' && others.length === 0 ? inherited(model, value.node, candidates, depth + 1) : undefined
    if (found) return found
  }
  return undefined
}

const maximumDepth = 16
