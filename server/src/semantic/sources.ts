import type * as ast from '../syntax/ast.ts'
import type { Analysis } from './analysis.ts'
import type { Definition } from './definitions.ts'
import type { Binding } from './model.ts'

/**
 * The expressions that the definitions reaching a use of a name assign, whole or in part: `criterion(output, target)` for
 * `loss`, the iterable for the variable of a loop. `loss += penalty` adds `penalty` to what reached it before.
 */
export function sourcesOf(analysis: Analysis, name: ast.Name): readonly ast.Expression[] {
  const found = new Set<ast.Expression>()
  const seen = new Set<Definition>()
  const follow = (use: ast.Name): void => {
    for (const definition of analysis.names.reaching(use).definitions) {
      if (seen.has(definition)) continue
      seen.add(definition)
      const { source, node } = definition
      if (source.kind === 'value') found.add(source.expression)
      const augmented = node.kind === 'AugAssign' ? node : node.parent
      if (augmented?.kind !== 'AugAssign') continue
      found.add(augmented.value)
      if (augmented.target.kind === 'Name') follow(augmented.target)
    }
  }
  follow(name)
  return [...found]
}

/** Everything that may have bound a name where it is used; undefined if some of it is not visible. */
export function bindingsOf(analysis: Analysis, name: ast.Name): readonly Binding[] | undefined {
  const { definitions, complete } = analysis.names.reaching(name)
  if (!complete || definitions.length === 0) return undefined
  const bindings = definitions.flatMap(({ source }): readonly (Binding | undefined)[] => {
    if (source.kind === 'deleted') return []
    return source.kind === 'value' || source.kind === 'parameter' ? [source] : [undefined]
  })
  const visible = bindings.filter(binding => binding !== undefined)
  return visible.length === bindings.length && visible.length > 0 ? visible : undefined
}
