import type { Expression, Module, Node } from '../../server/src/syntax/ast.ts'

/** A node as test/syntax/cpython.py writes it: [kind, start, end, field, …]. */
export type Reference = readonly unknown[]

/** Our tree in the shape of CPython's. What CPython does not know (the range of a parameter, …) is null. */
export function reference(module: Module): Reference {
  return ['Module', null, null, each(module.body), []]
}

function each(nodes: readonly (Node | undefined)[], bare = false): unknown[] {
  return nodes.map(node => one(node, bare))
}

/** `bare`: without positions, as inside f-strings. */
function one(node: Node | undefined, bare = false): unknown {
  if (node === undefined) return null
  const isPlaced = !bare && !['WithItem', 'MatchCase', 'Comprehension', 'ExceptHandler'].includes(node.kind)
  const isDecorated = (node.kind === 'FunctionDef' || node.kind === 'ClassDef') && node.decorators.length > 0
  const start = isPlaced && !isDecorated ? node.start : null
  return [node.kind, start, isPlaced ? node.end : null, ...fields(node, bare)]
}

function fields(node: Node, bare: boolean): unknown[] {
  const child = (value: Node | undefined) => one(value, bare)
  const list = (values: readonly (Node | undefined)[]) => each(values, bare)
  switch (node.kind) {
    case 'FunctionDef':
      return [
        node.isAsync,
        node.name,
        list(node.decorators.map(decorator => decorator.expression)),
        node.typeParameters.map(parameter => parameter.name),
        parameters(node.parameters, bare),
        child(node.returns),
        list(node.body),
      ]
    case 'ClassDef':
      return [
        node.name,
        list(node.decorators.map(decorator => decorator.expression)),
        node.typeParameters.map(parameter => parameter.name),
        list(node.bases),
        list(node.keywords),
        list(node.body),
      ]
    case 'Delete':
      return [list(node.targets)]
    case 'Assign':
      return [list(node.targets), child(node.value)]
    case 'AugAssign':
      return [child(node.target), node.op, child(node.value)]
    case 'AnnAssign':
      return [child(node.target), child(node.annotation), child(node.value)]
    case 'TypeAlias':
      return [child(node.name), node.typeParameters.map(parameter => parameter.name), child(node.value)]
    case 'For':
      return [node.isAsync, child(node.target), child(node.iter), list(node.body), list(node.orelse)]
    case 'While':
    case 'If':
      return [child(node.test), list(node.body), list(node.orelse)]
    case 'With':
      return [node.isAsync, list(node.items), list(node.body)]
    case 'WithItem':
      return [child(node.contextExpression), child(node.optionalVars)]
    case 'Match':
      return [child(node.subject), list(node.cases)]
    case 'MatchCase':
      return [node.pattern.captures.map(name => name.id), node.pattern.irrefutable, child(node.guard), list(node.body)]
    case 'Raise':
      return [child(node.exception), child(node.cause)]
    case 'Try':
      return [list(node.body), list(node.handlers), list(node.orelse), list(node.finalbody)]
    case 'ExceptHandler':
      return [node.isGroup, child(node.type), node.name?.id ?? null, list(node.body)]
    case 'Assert':
      return [child(node.test), child(node.message)]
    case 'Import':
      return [list(node.names)]
    case 'ImportFrom':
      return [node.module, node.level, list(node.names)]
    case 'Alias':
      return [node.name, node.asname ?? null]
    case 'Global':
    case 'Nonlocal':
      return [node.names]
    case 'BoolOp':
      return [node.op, list(node.values)]
    case 'NamedExpr':
      return [child(node.target), child(node.value)]
    case 'BinOp':
      return [child(node.left), node.op, child(node.right)]
    case 'UnaryOp':
      return [node.op, child(node.operand)]
    case 'Lambda':
      return [parameters(node.parameters, bare), child(node.body)]
    case 'IfExp':
      return [child(node.test), child(node.body), child(node.orelse)]
    case 'Dict':
      return [list(node.keys), list(node.values)]
    case 'Set':
    case 'List':
    case 'Tuple':
      return [list(node.elements)]
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
      return [child(node.element), list(node.generators)]
    case 'DictComp':
      return [child(node.key), child(node.value), list(node.generators)]
    case 'Comprehension':
      return [node.isAsync, child(node.target), child(node.iter), list(node.ifs)]
    case 'Compare':
      return [child(node.left), node.ops, list(node.comparators)]
    case 'Call':
      return [child(node.func), list(node.args), list(node.keywords)]
    case 'Keyword':
      return [node.arg ?? null, child(node.value)]
    case 'JoinedStr':
      return [each(node.values, true)]
    case 'Constant':
      return [node.type, constant(node)]
    case 'Attribute':
      return [child(node.value), node.attr]
    case 'Subscript':
      return [child(node.value), child(node.slice)]
    case 'Name':
      return [node.id]
    case 'Slice':
      return [child(node.lower), child(node.upper), child(node.step)]
    case 'Return':
    case 'Expr':
    case 'Await':
    case 'Yield':
    case 'YieldFrom':
    case 'Starred':
      return [child(node.value)]
    default:
      return []
  }
}

function parameters(nodes: Extract<Node, { kind: 'Lambda' }>['parameters'], bare: boolean): unknown[] {
  return nodes.map(node => [node.name, node.mode, one(node.annotation, bare), one(node.default, bare)])
}

function constant({ value }: Extract<Expression, { kind: 'Constant' }>): unknown {
  if (typeof value === 'string') return Buffer.from(value, 'utf16le').toString('hex')
  return value === Number.POSITIVE_INFINITY ? 'infinite' : value
}

/** Where two trees differ first, in words; `undefined` where they do not. */
export function difference(ours: unknown, theirs: unknown, path = ''): string | undefined {
  if (!Array.isArray(ours) || !Array.isArray(theirs)) {
    // U+FFFD stands for the characters that have names.
    if (typeof ours === 'string' && ours.includes('fdff')) return undefined
    return Object.is(ours, theirs) ? undefined : `${path}: ${short(ours)} instead of ${short(theirs)}`
  }
  const here =
    typeof theirs[0] === 'string' && typeof theirs[1] === 'number' ? `${path}/${theirs[0]}@${theirs[1]}` : path
  if (ours.length !== theirs.length) return `${here}: ${short(ours)} instead of ${short(theirs)}`
  for (const [index, value] of ours.entries()) {
    const found = difference(value, theirs[index], here)
    if (found) return found
  }
  return undefined
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}
