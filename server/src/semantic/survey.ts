import type * as ast from '../syntax/ast.ts'
import { children } from '../syntax/walk.ts'
import { type AttributeDefinition, bind, type Definition, type Source } from './definitions.ts'
import type { Scope } from './model.ts'
import { bindingScope, type ScopeNames, scopeOf, type Variable } from './scopes.ts'

/** What one walk over the tree collects; everything else is computed from it on demand. */
export interface Survey {
  readonly byKind: ReadonlyMap<ast.Kind, readonly ast.Node[]>
  readonly namesById: ReadonlyMap<string, readonly ast.Name[]>
  readonly attributesByName: ReadonlyMap<string, readonly ast.Attribute[]>
  readonly scopes: ReadonlyMap<Scope, ScopeNames>
  /** By the node that binds: a target's name, a parameter, an alias, a `def` or `class` statement. */
  readonly definitionAt: ReadonlyMap<ast.Node, Definition>
  readonly attributeDefinitionAt: ReadonlyMap<ast.Node, AttributeDefinition>
  readonly attributeDefinitions: ReadonlyMap<string, readonly AttributeDefinition[]>
  /** `container[key] = value`, by the target. */
  readonly itemSourceAt: ReadonlyMap<ast.Node, Source>
  readonly starImports: readonly ast.ImportFrom[]
}

export function survey(module: ast.Module): Survey {
  const byKind = new Map<ast.Kind, ast.Node[]>()
  const namesById = new Map<string, ast.Name[]>()
  const attributesByName = new Map<string, ast.Attribute[]>()
  const scopes = new Map<Scope, ScopeNames>()
  const definitionAt = new Map<ast.Node, Definition>()
  const attributeDefinitionAt = new Map<ast.Node, AttributeDefinition>()
  const attributeDefinitions = new Map<string, AttributeDefinition[]>()
  const itemSourceAt = new Map<ast.Node, Source>()
  const starImports: ast.ImportFrom[] = []

  const namesOf = (scope: Scope): ScopeNames => {
    let names = scopes.get(scope)
    if (!names) {
      names = { variables: new Map(), globals: new Set(), nonlocals: new Set() }
      scopes.set(scope, names)
    }
    return names
  }
  namesOf(module)

  /** The node whose bindings are being reported. */
  let binder: ast.Node | undefined
  const site = (): Scope => (binder ? bindingScope(binder, module) : module)
  const bindings = {
    name: (name: string, node: ast.Node, source: Source) => {
      definitionAt.set(node, { name, site: site(), node, source })
    },
    attribute: (target: ast.Attribute, source: Source) => {
      const definition = { target, site: site(), source }
      attributeDefinitionAt.set(target, definition)
      push(attributeDefinitions, target.attr, definition)
    },
    item: (target: ast.Subscript, source: Source) => {
      itemSourceAt.set(target, source)
    },
  }

  // An explicit stack: expressions nest deeper than the call stack.
  const stack: ast.Node[] = [...module.body].reverse()
  for (let node = stack.pop(); node; node = stack.pop()) {
    push(byKind, node.kind, node)
    if (node.kind === 'Name') push(namesById, node.id, node)
    else if (node.kind === 'Attribute') push(attributesByName, node.attr, node)
    else if (node.kind === 'Global') for (const name of node.names) namesOf(scopeOf(node, module)).globals.add(name)
    else if (node.kind === 'Nonlocal') for (const name of node.names) namesOf(scopeOf(node, module)).nonlocals.add(name)
    else if (node.kind === 'ImportFrom' && node.names[0]?.name === '*') starImports.push(node)
    binder = node
    bind(node, bindings)
    const inside = children(node)
    for (let i = inside.length - 1; i >= 0; i--) {
      const child = inside[i]
      if (child) stack.push(child)
    }
  }

  for (const definition of definitionAt.values()) namesOf(definition.site)
  for (const definition of definitionAt.values()) {
    const scope = owner(definition, scopes, module)
    const variables = namesOf(scope).variables
    let variable = variables.get(definition.name)
    if (!variable) {
      variable = { scope, name: definition.name, definitions: [] } satisfies Variable
      variables.set(definition.name, variable)
    }
    variable.definitions.push(definition)
  }
  return {
    byKind,
    namesById,
    attributesByName,
    scopes,
    definitionAt,
    attributeDefinitionAt,
    attributeDefinitions,
    itemSourceAt,
    starImports,
  }
}

/** The scope whose variable a definition binds, with `global` and `nonlocal` heeded. */
function owner(definition: Definition, scopes: ReadonlyMap<Scope, ScopeNames>, module: ast.Module): Scope {
  const names = scopes.get(definition.site)
  if (names?.globals.has(definition.name)) return module
  if (!names?.nonlocals.has(definition.name)) return definition.site
  let scope: Scope = definition.site
  while (scope.kind !== 'Module') {
    scope = scopeOf(scope, module)
    const outer = scopes.get(scope)
    if (scope.kind === 'ClassDef' || outer?.nonlocals.has(definition.name)) continue
    if (outer?.variables.has(definition.name)) return scope
  }
  return definition.site
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
