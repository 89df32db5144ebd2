/**
 * Names that come from other files of the workspace. `from engine import train` binds what `engine.py` binds: a class,
 * a function or a value that is looked up in the scopes of its own file. What cannot be followed stays a symbol.
 */
import type * as ast from '../syntax/ast.ts'
import { type Analysis, type Positioned, unionOf, unknownValues, type Values } from './analysis.ts'
import type { Source } from './definitions.ts'
import { isBuiltin } from './knowledge.ts'
import { anyOrder } from './reaching.ts'
import type { Variable } from './scopes.ts'

/** Where the modules that a file imports come from. Each stands at positions of its own. */
export interface Imports {
  /** The module that a name (`utils.engine`, `..engine`, `.`) means in a file; undefined: a library, or not followed. */
  find(name: string, importer: ast.Module): ast.Module | undefined
  /** The module of this name in a package. */
  submodule(parent: ast.Module, name: string): ast.Module | undefined
  /** The found module that a position is in. */
  at(position: number): ast.Module | undefined
}

export const noImports: Imports = { find: () => undefined, submodule: () => undefined, at: () => undefined }

/** What an imported name stands for in a file that is followed. */
export type Imported =
  | { readonly kind: 'module'; readonly module: ast.Module }
  | { readonly kind: 'variable'; readonly variable: Variable }

type Import = Source & { readonly kind: 'import' }

export function importedBy(analysis: Analysis, { module: name, member, alias }: Import): Imported | undefined {
  const { imports } = analysis
  const importer = analysis.file(alias).module
  const module = imports.find(name, importer)
  if (member === undefined) return module && { kind: 'module', module }
  if (module && module !== importer) return memberOf(analysis, module, member)
  // `from . import engine`, where the package is the importer itself, or has no file.
  const inside = module
    ? imports.submodule(module, member)
    : imports.find(name.endsWith('.') ? name + member : `${name}.${member}`, importer)
  return inside && { kind: 'module', module: inside }
}

/** What a module calls by this name. */
export function memberOf(analysis: Analysis, module: ast.Module, name: string, depth = 0): Imported | undefined {
  const { survey } = analysis.file(module)
  const variable = survey.scopes.get(module)?.variables.get(name)
  if (variable) return { kind: 'variable', variable }
  const submodule = analysis.imports.submodule(module, name)
  if (submodule) return { kind: 'module', module: submodule }
  if (depth > maximumDepth || name.startsWith('_')) return undefined
  for (const star of [...survey.starImports].reverse()) {
    const source = analysis.imports.find(moduleName(star), module)
    // Any name may come from a library.
    if (!source) return undefined
    const found = source === module ? undefined : memberOf(analysis, source, name, depth + 1)
    if (found) return found
  }
  return undefined
}

const maximumDepth = 8

/** The values of `name` in a module that is followed. */
export function memberValues(analysis: Analysis, module: ast.Module, moduleName: string, name: string): Values {
  const member = memberOf(analysis, module, name)
  return member ? importedValues(analysis, member, `${moduleName}.${name}`) : unknownValues
}

export function importedValues(analysis: Analysis, imported: Imported, name: string): Values {
  if (imported.kind === 'module') return [{ kind: 'symbol', name, module: imported.module }]
  const { definitions, complete } = anyOrder(imported.variable)
  return complete ? unionOf(definitions, ({ source }) => analysis.sourceValues(source)) : unknownValues
}

/** The values of a name that its file does not bind: a builtin, or what a star import brings. */
export function unboundValues(analysis: Analysis, id: string, at: Positioned): Values {
  const { module, survey } = analysis.file(at)
  const libraries: string[] = []
  for (const star of [...survey.starImports].reverse()) {
    const name = moduleName(star)
    const source = analysis.imports.find(name, module)
    if (!source) libraries.push(name)
    const member = source && source !== module ? memberOf(analysis, source, id) : undefined
    if (member) return libraries.length > 0 ? unknownValues : importedValues(analysis, member, id)
  }
  const [only, ...others] = libraries
  if (only === undefined) return isBuiltin(id) ? [{ kind: 'symbol', name: `builtins.${id}` }] : unknownValues
  if (others.length > 0 || isBuiltin(id)) return unknownValues
  const separator = only.endsWith('.') ? '' : '.'
  return [{ kind: 'symbol', name: analysis.library.canonical(only + separator + id) }]
}

const moduleName = ({ level, module }: ast.ImportFrom): string => '.'.repeat(level) + module
