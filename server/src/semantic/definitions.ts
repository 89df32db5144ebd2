import type * as ast from '../syntax/ast.ts'
import type { Scope } from './model.ts'

/** One place where a name gets a value. */
export interface Definition {
  readonly name: string
  /** The scope of the statement, which `global` and `nonlocal` make another one than that of the variable. */
  readonly site: Scope
  /** The target, the parameter, the alias or the statement that binds the name. */
  readonly node: ast.Node
  readonly source: Source
}

/** One place where an attribute gets a value: `self.scaler = GradScaler()`. */
export interface AttributeDefinition {
  readonly target: ast.Attribute
  readonly site: Scope
  readonly source: Source
}

/** Where a value comes from. */
export type Source =
  /** What the steps of the path reach from the expression's value; the annotation is what the code promises of it. */
  | {
      readonly kind: 'value'
      readonly expression: ast.Expression
      readonly path: readonly Step[]
      readonly annotation: ast.Expression | undefined
    }
  /** `scaler: GradScaler` without a value. */
  | { readonly kind: 'annotation'; readonly annotation: ast.Expression }
  /** The exception of an `except` clause: an instance of the class. */
  | { readonly kind: 'exception'; readonly type: ast.Expression }
  /** `member`: what `from module import member` takes of the module; `name`: the qualified name of the two. */
  | {
      readonly kind: 'import'
      readonly name: string
      readonly module: string
      readonly member: string | undefined
      readonly alias: ast.Alias
    }
  | { readonly kind: 'function'; readonly node: ast.FunctionDef }
  | { readonly kind: 'class'; readonly node: ast.ClassDef }
  | { readonly kind: 'parameter'; readonly function: ast.FunctionLike; readonly parameter: ast.Parameter }
  /** Something that cannot be followed: `x += 1`, a starred target, a capture of a pattern. */
  | { readonly kind: 'opaque' }
  | { readonly kind: 'deleted' }

export type Step =
  /** Element `index` of the `count` that are unpacked. */
  | { readonly kind: 'item'; readonly index: number; readonly count: number }
  /** An element that iterating over the value gives. */
  | { readonly kind: 'iterate' }
  /** What `__enter__` of the value returns. */
  | { readonly kind: 'enter' }

/** What the statement or expression itself binds, apart from what stands inside it. */
export interface Bindings {
  name(name: string, node: ast.Node, source: Source): void
  attribute(target: ast.Attribute, source: Source): void
  item(target: ast.Subscript, source: Source): void
}

/** Reports what a node binds. Parameters and comprehension targets are bound in the scope that they open. */
export function bind(node: ast.Node, to: Bindings): void {
  switch (node.kind) {
    case 'FunctionDef':
      to.name(node.name, node, { kind: 'function', node })
      break
    case 'ClassDef':
      to.name(node.name, node, { kind: 'class', node })
      break
    case 'Parameter': {
      const holder = node.parent
      if (holder?.kind === 'FunctionDef' || holder?.kind === 'Lambda') {
        to.name(node.name, node, { kind: 'parameter', function: holder, parameter: node })
      }
      break
    }
    case 'TypeParameter':
      to.name(node.name, node, opaque)
      break
    case 'Assign':
      for (const target of node.targets) bindTarget(target, value(node.value), to)
      break
    case 'AnnAssign':
      bindTarget(
        node.target,
        node.value ? value(node.value, [], node.annotation) : { kind: 'annotation', annotation: node.annotation },
        to,
      )
      break
    case 'AugAssign':
      bindTarget(node.target, opaque, to)
      break
    case 'TypeAlias':
      bindTarget(node.name, opaque, to)
      break
    case 'NamedExpr':
      bindTarget(node.target, value(node.value), to)
      break
    case 'For':
    case 'Comprehension':
      bindTarget(node.target, node.isAsync ? opaque : value(node.iter, [{ kind: 'iterate' }]), to)
      break
    case 'WithItem':
      if (node.optionalVars) {
        const isAsync = node.parent?.kind === 'With' && node.parent.isAsync
        bindTarget(node.optionalVars, isAsync ? opaque : value(node.contextExpression, [{ kind: 'enter' }]), to)
      }
      break
    case 'ExceptHandler':
      if (node.name) {
        bindTarget(node.name, node.type && !node.isGroup ? { kind: 'exception', type: node.type } : opaque, to)
      }
      break
    case 'Pattern':
      for (const capture of node.captures) bindTarget(capture, opaque, to)
      break
    case 'Delete':
      for (const target of node.targets) bindTarget(target, { kind: 'deleted' }, to)
      break
    case 'Import':
      for (const alias of node.names) {
        const bound = alias.asname ?? firstPart(alias.name)
        const module = alias.asname === undefined ? bound : alias.name
        to.name(bound, alias, { kind: 'import', name: module, module, member: undefined, alias })
      }
      break
    case 'ImportFrom': {
      const module = '.'.repeat(node.level) + node.module
      const prefix = module === '' || module.endsWith('.') ? module : `${module}.`
      for (const alias of node.names) {
        if (alias.name !== '*')
          to.name(alias.asname ?? alias.name, alias, {
            kind: 'import',
            name: prefix + alias.name,
            module,
            member: alias.name,
            alias,
          })
      }
      break
    }
    default:
  }
}

function bindTarget(target: ast.Expression, source: Source, to: Bindings): void {
  switch (target.kind) {
    case 'Name':
      to.name(target.id, target, source)
      break
    case 'Attribute':
      to.attribute(target, source)
      break
    case 'Subscript':
      to.item(target, source)
      break
    case 'Starred':
      bindTarget(target.value, opaque, to)
      break
    case 'Tuple':
    case 'List': {
      // A starred target takes what is left, so the others are certain only where it takes one: the counts are compared.
      const count = target.elements.length
      target.elements.forEach((element, index) => {
        bindTarget(element, item(source, index, count), to)
      })
      break
    }
    default:
  }
}

function item(source: Source, index: number, count: number): Source {
  if (source.kind === 'deleted') return source
  return source.kind === 'value' ? value(source.expression, [...source.path, { kind: 'item', index, count }]) : opaque
}

function value(expression: ast.Expression, path: readonly Step[] = [], annotation?: ast.Expression): Source {
  return { kind: 'value', expression, path, annotation }
}

const opaque: Source = { kind: 'opaque' }

function firstPart(dotted: string): string {
  const dot = dotted.indexOf('.')
  return dot < 0 ? dotted : dotted.slice(0, dot)
}
