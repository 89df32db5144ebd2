/** Gradient modes that are made, or named, and never entered: `torch.no_grad()` on a line of its own. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

export interface UnenteredGradMode {
  /** `torch.no_grad`. */
  readonly mode: ast.Expression
  readonly at: ast.Expression
  /** Made by a statement that drops it; the class itself as a context manager. */
  readonly kind: 'discarded' | 'uncalled'
}

/** `torch.set_grad_enabled` is not one of them: it works as soon as it is called. */
const gradModes = ['torch.no_grad', 'torch.inference_mode', 'torch.enable_grad']

export function unenteredGradModes(model: Model): readonly UnenteredGradMode[] {
  const isMode = (expression: ast.Expression): boolean => gradModes.includes(model.qualifiedName(expression) ?? '')
  const discarded = model.nodes('Expr').flatMap(({ value }) => {
    const mode = value.kind === 'Call' ? value.func : value
    return isMode(mode) ? [{ mode, at: value, kind: 'discarded' } as const] : []
  })
  const uncalled = model
    .nodes('WithItem')
    .filter(({ contextExpression }) => isMode(contextExpression))
    .map(({ contextExpression: mode }) => ({ mode, at: mode, kind: 'uncalled' }) as const)
  return [...discarded, ...uncalled].sort((a, b) => a.at.start - b.at.start)
}
