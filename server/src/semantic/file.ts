import type * as ast from '../syntax/ast.ts'
import type { Positioned } from './analysis.ts'
import { createNames, type Names } from './reaching.ts'
import { type Survey, survey } from './survey.ts'

/** A module with what one walk over it collects: the same for every model that it is part of. */
export interface File {
  readonly module: ast.Module
  readonly survey: Survey
  readonly names: Names
}

export function fileOf(module: ast.Module): File {
  const known = files.get(module)
  if (known) return known
  const surveyed = survey(module)
  const file = { module, survey: surveyed, names: createNames(module, surveyed) }
  files.set(module, file)
  return file
}

const files = new WeakMap<ast.Module, File>()

/** The names of several files: each question goes to the file that it is about. */
export function namesOfAll(fileOf: (node: Positioned) => File): Names {
  return {
    variable: name => fileOf(name).names.variable(name),
    lookup: (id, scope) => fileOf(scope).names.lookup(id, scope),
    reaching: name => fileOf(name).names.reaching(name),
    uses: variable => fileOf(variable.scope).names.uses(variable),
    flow: scope => fileOf(scope).names.flow(scope),
  }
}
