import type * as ast from '../syntax/ast.ts'
import type { Definition } from './definitions.ts'
import type { Scope } from './model.ts'

/** A variable: everything that binds one name in one scope, wherever the statements stand. */
export interface Variable {
  readonly scope: Scope
  readonly name: string
  readonly definitions: Definition[]
}

/** The names of one scope. */
export interface ScopeNames {
  readonly variables: Map<string, Variable>
  readonly globals: Set<string>
  readonly nonlocals: Set<string>
}

export type ComprehensionScope = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

export function isFunction(node: ast.Node | ast.Module | undefined): node is ast.FunctionLike {
  return node?.kind === 'FunctionDef' || node?.kind === 'Lambda'
}

export function isComprehension(node: ast.Node | ast.Module | undefined): node is ComprehensionScope {
  switch (node?.kind) {
    case 'ListComp':
    case 'SetComp':
    case 'DictComp':
    case 'GeneratorExp':
      return true
    default:
      return false
  }
}

/**
 * The innermost scope that a node stands in. What is evaluated before a scope opens belongs to the scope around it:
 * decorators, defaults, annotations, base classes, and the first iterable of a comprehension.
 */
export function scopeOf(node: ast.Node, module: ast.Module): Scope {
  let child: ast.Node = node
  let parent = child.parent
  while (parent) {
    if (opensFor(parent, child)) return parent
    if (parent.kind === 'Parameter' || isFirstIterable(parent, child)) {
      // A default or annotation; or the first iterable: skip the scope that it is part of.
      child = parent.parent ?? parent
      parent = child.parent
    } else {
      child = parent
      parent = child.parent
    }
  }
  return module
}

function opensFor(parent: ast.Node, child: ast.Node): parent is ast.FunctionLike | ast.ClassDef | ComprehensionScope {
  switch (parent.kind) {
    case 'Lambda':
      return true
    case 'FunctionDef':
      return child.kind !== 'Decorator' && child !== parent.returns
    case 'ClassDef':
      return child.kind !== 'Decorator' && child.kind !== 'Keyword' && !parent.bases.some(base => base === child)
    default:
      return isComprehension(parent)
  }
}

function isFirstIterable(parent: ast.Node, child: ast.Node): boolean {
  if (parent.kind !== 'Comprehension' || parent.iter !== child) return false
  const comprehension = parent.parent
  return isComprehension(comprehension) && comprehension.generators[0] === parent
}

/** The scope in which a node's bindings take effect: a walrus in a comprehension binds outside of it. */
export function bindingScope(node: ast.Node, module: ast.Module): Scope {
  let scope = scopeOf(node, module)
  if (node.kind === 'NamedExpr') while (isComprehension(scope)) scope = scopeOf(scope, module)
  return scope
}
