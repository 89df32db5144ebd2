/** Imports of `torch._six`, the help for Python 2 that PyTorch 2.0 dropped. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isAtLeast } from './deprecations.ts'
import { currentRelease, sixSuccessors } from './facts/deprecations.ts'
import { isProbe } from './probes.ts'
import { isVersionGuarded } from './versionGuards.ts'

export interface RemovedImport {
  readonly statement: ast.ImportFrom
  /** What serves in its place: `torch.inf`. */
  readonly successor: string
  /** The statement in its place, where one says it all. */
  readonly fix: string | undefined
}

export function removedModuleImports(model: Model, torchVersion: string | undefined): readonly RemovedImport[] {
  if (!isAtLeast(torchVersion ?? currentRelease, '2.0')) return []
  return model.nodes('ImportFrom').flatMap(statement => {
    if (statement.module !== 'torch._six' || statement.level > 0) return []
    if (isProbe(model, statement) || isVersionGuarded(model, statement) || isTriedElsewhere(statement)) return []
    const successors = statement.names.flatMap(({ name }) =>
      Object.hasOwn(sixSuccessors, name) ? [sixSuccessors[name]] : [],
    )
    if (successors.length < statement.names.length) return []
    return [{ statement, successor: successors.join(', '), fix: replacement(statement) }]
  })
}

/** The import of a fallback stands in an `except`. */
function isTriedElsewhere(statement: ast.Statement): boolean {
  for (let at = statement.parent; at && at.kind !== 'FunctionDef'; at = at.parent)
    if (at.kind === 'ExceptHandler') return true
  return false
}

function replacement({ names }: ast.ImportFrom): string | undefined {
  const [first, ...others] = names
  if (names.every(({ name }) => name === 'inf' || name === 'nan')) {
    const imported = names.map(({ name, asname }) => (asname === undefined ? name : `${name} as ${asname}`))
    return `from torch import ${imported.join(', ')}`
  }
  if (first?.name !== 'container_abcs' || others.length > 0) return undefined
  return `import collections.abc as ${first.asname ?? first.name}`
}
