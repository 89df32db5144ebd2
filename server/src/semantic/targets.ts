import type * as ast from '../syntax/ast.ts'

/** The single targets of a target that may be a tuple or a list, with stars taken off. */
export function targetsOf(target: ast.Expression): readonly ast.Expression[] {
  if (target.kind === 'Tuple' || target.kind === 'List') return target.elements.flatMap(targetsOf)
  return target.kind === 'Starred' ? targetsOf(target.value) : [target]
}
