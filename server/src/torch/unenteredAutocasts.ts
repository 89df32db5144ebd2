/** Autocast that is made, or named, and never entered. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { autocasts } from './autocast.ts'
import { autocastClasses } from './facts/amp.ts'
import { isProbe } from './probes.ts'

export interface UnenteredAutocast {
  readonly at: ast.Expression
  readonly callee: ast.Expression
  /** Made by a statement that drops it; the class as a context manager; the class as a decorator. */
  readonly message: 'discarded' | 'uncalled' | 'undecorated'
}

export function unenteredAutocasts(model: Model): readonly UnenteredAutocast[] {
  const isClass = (expression: ast.Expression): boolean =>
    autocastClasses.includes(model.qualifiedName(expression) ?? '') && !isProbe(model, expression)
  const discarded = autocasts(model)
    .filter(({ call }) => call.parent?.kind === 'Expr' && !isProbe(model, call))
    .map(({ call }) => ({ at: call, callee: call.func, message: 'discarded' }) as const)
  const uncalled = model
    .nodes('WithItem')
    .filter(({ contextExpression }) => isClass(contextExpression))
    .map(({ contextExpression: at }) => ({ at, callee: at, message: 'uncalled' }) as const)
  const undecorated = model
    .nodes('Decorator')
    .filter(({ expression }) => isClass(expression))
    .map(({ expression: at }) => ({ at, callee: at, message: 'undecorated' }) as const)
  return [...discarded, ...uncalled, ...undecorated].sort((a, b) => a.at.start - b.at.start)
}
