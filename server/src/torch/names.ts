/** What the user calls things. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

/** The variable or attribute that a new object is assigned to: `self.optimizer`. */
export function nameOf(model: Model, creation: ast.Call): string | undefined {
  const { parent } = creation
  const target =
    parent?.kind === 'Assign' ? parent.targets[0] : parent?.kind === 'AnnAssign' ? parent.target : undefined
  return target && (target.kind === 'Name' || target.kind === 'Attribute') ? textOf(model, target) : undefined
}

export function textOf(model: Model, node: ast.Node): string {
  return model.textOf(node)
}
