import type { Node } from './ast.ts'

const none: readonly Node[] = []

/** The nodes directly inside `node`, in source order. */
export function children(node: Node): readonly Node[] {
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
      return [node.func, ...inOrder(node.args, node.keywords)]
    case 'Subscript':
      return [node.value, node.slice]
    case 'Slice':
      return list(node.lower, node.upper, node.step)
    default:
      return none
  }
}

/** Calls `visit` for `node` and everything inside it, in source order. `false` from `visit` leaves out what is inside. */
export function walk(node: Node, visit: (node: Node) => boolean | undefined): void {
  if (visit(node) === false) return
  for (const child of children(node)) walk(child, visit)
}

function list(...parts: (Node | readonly Node[] | undefined)[]): Node[] {
  const nodes: Node[] = []
  for (const part of parts) {
    if (part === undefined) continue
    if ('kind' in part) nodes.push(part)
    else nodes.push(...part)
  }
  return nodes
}

/** Positional arguments may follow keywords: `f(a=1, *b)`. */
function inOrder(first: readonly Node[], second: readonly Node[]): readonly Node[] {
  const [next] = second
  const last = first.at(-1)
  if (!next) return first
  if (!last || last.start < next.start) return [...first, ...second]
  return [...first, ...second].sort((a, b) => a.start - b.start)
}
