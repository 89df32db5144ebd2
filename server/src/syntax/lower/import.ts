import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { identifier } from './primary.ts'

/** Import statements. */
export const imports: Readonly<Record<string, Lower<ast.Statement>>> = {
  import_statement: lowerImport,
  import_from_statement: lowerImportFrom,
  future_import_statement: lowerImportFrom,
}

function lowerImport(concrete: Concrete, node: number): ast.Statement {
  if (concrete.isBroken(node)) return concrete.errorStatement(node)
  return { ...concrete.base('Import', node), names: lowerAliases(concrete, concrete.children(node)), broken: false }
}

function lowerImportFrom(concrete: Concrete, node: number): ast.Statement {
  if (concrete.isBroken(node)) return concrete.errorStatement(node)
  const [, from = node, , ...names] = concrete.children(node)
  const module = concrete.type(from) === 'relative_import' ? concrete.find(from, 'dotted_name') : from
  const prefix = concrete.find(from, 'import_prefix')
  return {
    ...concrete.base('ImportFrom', node),
    module: module === undefined ? '' : dottedName(concrete, module),
    level: prefix === undefined ? 0 : concrete.slice(prefix).split('.').length - 1,
    names: lowerAliases(concrete, names),
    broken: false,
  }
}

/** `a . b` is `a.b`; `__future__` is a word of the grammar. */
function dottedName(concrete: Concrete, node: number): string {
  const names = concrete.children(node).filter(child => concrete.type(child) === 'identifier')
  return names.length === 0 ? concrete.slice(node) : names.map(name => identifier(concrete, name)).join('.')
}

function lowerAliases(concrete: Concrete, nodes: readonly number[]): ast.Alias[] {
  const aliases: ast.Alias[] = []
  for (const node of nodes) {
    const alias = concrete.base('Alias', node)
    const type = concrete.type(node)
    if (type === 'wildcard_import') aliases.push({ ...alias, name: '*', asname: undefined })
    else if (type === 'dotted_name') aliases.push({ ...alias, name: dottedName(concrete, node), asname: undefined })
    else if (type === 'aliased_import') {
      const name = dottedName(concrete, concrete.child(node, 0))
      aliases.push({ ...alias, name, asname: identifier(concrete, concrete.child(node, 2)) })
    }
  }
  return aliases
}
