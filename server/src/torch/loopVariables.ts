/** Names that stand for one object after another. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

/** Does the name stand for one object after another? */
export const isLoopVariable = (model: Model, node: ast.Expression): boolean => loopOver(model, node) !== undefined

/** The loop whose variable the name is. */
export function loopOver(model: Model, node: ast.Expression): ast.For | undefined {
  if (node.kind !== 'Name') return undefined
  return model.loops(node).find((loop): loop is ast.For => loop.kind === 'For' && binds(loop.target, node.id))
}

/** Does the target assign the name? */
export const binds = (target: ast.Expression, id: string): boolean =>
  target.kind === 'Name' ? target.id === id : 'elements' in target && target.elements.some(each => binds(each, id))
