import type { Node } from './ast.ts'

/** Nodes are built from the inside out; this tells each inside `node` which one holds it, and `node` what it holds. */
export function adopt(node: Node): void {
  const children = parts(node)
  if (children.length === 0) return
  ;(node as { children?: readonly Node[] }).children = children
  for (const child of children) {
    ;(child as { parent: Node }).parent = node
    adopt(child)
  }
}

const none: readonly Node[] = []

/** The nodes in the fields of a node, in source order. */
function parts(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'FunctionDef':
      return list(node.decorators, node.typeParameters, node.parameters, node.returns, node.body)
    case 'ClassDef':
      return list(node.decorators, node.typeParameters, inOrder(node.bases, node.keywords), node.body)
    case 'Decorator':
      return [node.expression]
    case 'Return':
    case 'Yield':
      return node.value ? [node.value] : none
    case 'Delete':
      return node.targets
    case 'Assign':
      return [...node.targets, node.value]
    case 'AugAssign':
    case 'NamedExpr':
      return [node.target, node.value]
    case 'AnnAssign':
      return list(node.target, node.annotation, node.value)
    case 'TypeAlias':
      return list(node.name, node.typeParameters, node.value)
    case 'For':
      return list(node.target, node.iter, node.body, node.orelse)
    case 'While':
    case 'If':
      return list(node.test, node.body, node.orelse)
    case 'With':
      return [...node.items, ...node.body]
    case 'WithItem':
      return list(node.contextExpression, node.optionalVars)
    case 'Match':
      return [node.subject, ...node.cases]
    case 'MatchCase':
      return list(node.pattern, node.guard, node.body)
    case 'Pattern':
      return node.captures
    case 'Raise':
      return list(node.exception, node.cause)
    case 'Try':
      return list(node.body, node.handlers, node.orelse, node.finalbody)
    case 'ExceptHandler':
      return list(node.type, node.name, node.body)
    case 'Assert':
      return list(node.test, node.message)
    case 'Import':
    case 'ImportFrom':
      return node.names
    case 'BoolOp':
    case 'JoinedStr':
      return node.values
    case 'BinOp':
      return [node.left, node.right]
    case 'UnaryOp':
      return [node.operand]
    case 'Lambda':
      return [...node.parameters, node.body]
    case 'Parameter':
      return list(node.annotation, node.default)
    case 'IfExp':
      return [node.body, node.test, node.orelse]
    case 'Dict':
      return node.values.flatMap((value, index) => list(node.keys[index], value))
    case 'Set':
    case 'List':
    case 'Tuple':
      return node.elements
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
      return [node.element, ...node.generators]
    case 'DictComp':
      return [node.key, node.value, ...node.generators]
    case 'Comprehension':
      return [node.target, node.iter, ...node.ifs]
    case 'Expr':
    case 'Await':
    case 'YieldFrom':
    case 'Starred':
    case 'Keyword':
    case 'Attribute':
      return [node.value]
    case 'Compare':
      return [node.left, ...node.comparators]
    case 'Call':
      return node.args.length + node.keywords.length > 0
        ? [node.func, ...inOrder(node.args, node.keywords)]
        : [node.func]
    case 'Subscript':
      return [node.value, node.slice]
    case 'Slice':
      return list(node.lower, node.upper, node.step)
    default:
      return none
  }
}

function list(...fields: readonly (Node | readonly Node[] | undefined)[]): Node[] {
  const nodes: Node[] = []
  for (const field of fields) {
    if (field === undefined) continue
    if ('kind' in field) nodes.push(field)
    else nodes.push(...field)
  }
  return nodes
}

/** A positional argument may stand behind keywords: `f(a=1, *b)`. */
function inOrder(positional: readonly Node[], keywords: readonly Node[]): readonly Node[] {
  const [first] = keywords
  const last = positional.at(-1)
  if (!first) return positional
  if (!last || last.start < first.start) return [...positional, ...keywords]
  return [...positional, ...keywords].sort((a, b) => a.start - b.start)
}
