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
  return {
    kind: 'Import',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    names: lowerAliases(concrete, concrete.children(node)),
    broken: false,
  }
}

function lowerImportFrom(concrete: Concrete, node: number): ast.Statement {
  if (concrete.isBroken(node)) return concrete.errorStatement(node)
  const [, from, , ...names] = concrete.children(node)
  const { module, level } = lowerModuleName(concrete, from ?? node)
  return {
    kind: 'ImportFrom',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    module,
    level,
    names: lowerAliases(concrete, names),
    broken: false,
  }
}

function lowerModuleName(concrete: Concrete, node: number): { module: string; level: number } {
  if (concrete.type(node) !== 'relative_import') return { module: dottedName(concrete, node), level: 0 }
  const prefix = node + 1
  const level = concrete.slice(prefix).replaceAll(/[^.]/g, '').length
  const name = concrete.nextOf(prefix)
  return { module: name < concrete.nextOf(node) ? dottedName(concrete, name) : '', level }
}

function dottedName(concrete: Concrete, node: number): string {
  const names = concrete.children(node).filter(child => concrete.type(child) === 'identifier')
  return names.length === 0 ? concrete.slice(node) : names.map(name => identifier(concrete, name)).join('.')
}

function lowerAliases(concrete: Concrete, nodes: readonly number[]): ast.Alias[] {
  const aliases: ast.Alias[] = []
  for (const node of nodes) {
    const start = concrete.startOf(node)
    const end = concrete.endOf(node)
    switch (concrete.type(node)) {
      case 'wildcard_import':
        aliases.push({ kind: 'Alias', start, end, parent: undefined, name: '*', asname: undefined })
        break
      case 'dotted_name':
        aliases.push({
          kind: 'Alias',
          start,
          end,
          parent: undefined,
          name: dottedName(concrete, node),
          asname: undefined,
        })
        break
      case 'aliased_import': {
        const [name, , asname] = concrete.children(node)
        if (name === undefined || asname === undefined) break
        const alias = { name: dottedName(concrete, name), asname: identifier(concrete, asname) }
        aliases.push({ kind: 'Alias', start, end, parent: undefined, ...alias })
      }
    }
  }
  return aliases
}
