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
