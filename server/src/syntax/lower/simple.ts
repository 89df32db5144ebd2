import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerExpression, lowerStatement } from './dispatch.ts'
import { lowerElement, lowerTuple } from './display.ts'
import { lowerTypeParameters } from './function.ts'
import { identifier } from './primary.ts'

/** Statements that contain no others. One that is torn by an error is no statement at all. */
export const simpleStatements: Readonly<Record<string, Lower<ast.Statement>>> = {
  expression_statement: whole(lowerExpressionStatement),
  return_statement: whole(lowerReturn),
  delete_statement: whole(lowerDelete),
  raise_statement: whole(lowerRaise),
  assert_statement: whole(lowerAssert),
  global_statement: whole(lowerNames),
  nonlocal_statement: whole(lowerNames),
  pass_statement: whole(lowerWord),
  break_statement: whole(lowerWord),
  continue_statement: whole(lowerWord),
  type_alias_statement: whole(lowerTypeAlias),
  print_statement: whole(lowerPrint),
  exec_statement: (concrete, node) => concrete.errorStatement(node),
}

function whole(lower: Lower<ast.Statement>): Lower<ast.Statement> {
  return (concrete, node) => (concrete.isTorn(node) ? concrete.errorStatement(node) : lower(concrete, node))
}

function lowerExpressionStatement(concrete: Concrete, node: number): ast.Statement {
  const child = node + 1
  if (concrete.nextOf(child) < concrete.nextOf(node)) {
    const value = lowerTuple(concrete, node)
    return {
      kind: 'Expr',
      start: value.start,
      end: value.end,
      parent: undefined,
      value,
      broken: concrete.isBroken(node),
    }
  }
  if (concrete.type(child) === 'assignment') return lowerAssignment(concrete, child)
  if (concrete.type(child) === 'augmented_assignment') return lowerAugmented(concrete, child)
  return {
    kind: 'Expr',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    value: lowerElement(concrete, child),
    broken: concrete.isBroken(node),
  }
}

/** The grammar nests `a = b = c` to the right; here it is one statement with two targets. */
function lowerAssignment(concrete: Concrete, node: number): ast.Statement {
  if (concrete.isTorn(node)) return concrete.errorStatement(node)
  if (concrete.type(concrete.nextOf(node + 1)) === ':') return lowerAnnotated(concrete, node)
  const targets: ast.Expression[] = []
  let value = node
  while (concrete.type(value) === 'assignment') {
    const equals = concrete.nextOf(value + 1)
    if (concrete.type(equals) !== '=' || concrete.isTorn(value)) return concrete.errorStatement(node)
    targets.push(lowerExpression(concrete, value + 1))
    value = concrete.nextOf(equals)
  }
  if (concrete.type(value) === 'augmented_assignment') return concrete.errorStatement(node)
  return {
    kind: 'Assign',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    targets,
    value: lowerElement(concrete, value),
    broken: concrete.isBroken(node),
  }
}

function lowerAnnotated(concrete: Concrete, node: number): ast.Statement {
  const [target, , annotation, , value] = concrete.children(node)
  if (value !== undefined && concrete.type(value).endsWith('assignment')) return concrete.errorStatement(node)
  return {
    kind: 'AnnAssign',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    target: lowerExpression(concrete, target),
    annotation: lowerExpression(concrete, annotation),
    value: value === undefined ? undefined : lowerElement(concrete, value),
    broken: concrete.isBroken(node),
  }
}

function lowerAugmented(concrete: Concrete, node: number): ast.Statement {
  const [target, operator, value] = concrete.children(node)
  if (concrete.isTorn(node) || operator === undefined || value === undefined) return concrete.errorStatement(node)
  if (concrete.type(value).endsWith('assignment')) return concrete.errorStatement(node)
  return {
    kind: 'AugAssign',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    target: lowerExpression(concrete, target),
    op: concrete.type(operator).slice(0, -1) as ast.BinaryOperator,
    value: lowerElement(concrete, value),
    broken: concrete.isBroken(node),
  }
}

function lowerReturn(concrete: Concrete, node: number): ast.Statement {
  const [, value] = concrete.children(node)
  return {
    kind: 'Return',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    value: value === undefined ? undefined : lowerElement(concrete, value),
    broken: concrete.isBroken(node),
  }
}

function lowerDelete(concrete: Concrete, node: number): ast.Statement {
  const [, list] = concrete.children(node)
  const target = lowerExpression(concrete, list)
  const isList = list !== undefined && concrete.type(list) === 'expression_list' && target.kind === 'Tuple'
  return {
    kind: 'Delete',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    targets: isList ? target.elements : [target],
    broken: concrete.isBroken(node),
  }
}

function lowerRaise(concrete: Concrete, node: number): ast.Statement {
  const children = concrete.children(node).slice(1)
  const from = children.findIndex(child => concrete.type(child) === 'from')
  const exception = from === 0 ? undefined : children[0]
  // `raise Class, value` is Python 2.
  if (exception !== undefined && concrete.type(exception) === 'expression_list') return concrete.errorStatement(node)
  return {
    kind: 'Raise',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    exception: exception === undefined ? undefined : lowerExpression(concrete, exception),
    cause: from < 0 ? undefined : lowerExpression(concrete, children[from + 1]),
    broken: concrete.isBroken(node),
  }
}

function lowerAssert(concrete: Concrete, node: number): ast.Statement {
  const [, test, , message, ...others] = concrete.children(node)
  if (others.length > 0) return concrete.errorStatement(node)
  return {
    kind: 'Assert',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    test: lowerExpression(concrete, test),
    message: message === undefined ? undefined : lowerExpression(concrete, message),
    broken: concrete.isBroken(node),
  }
}

function lowerNames(concrete: Concrete, node: number): ast.Statement {
  const names = concrete.children(node).filter(child => concrete.type(child) === 'identifier')
  return {
    kind: concrete.type(node) === 'global_statement' ? 'Global' : 'Nonlocal',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    names: names.map(name => identifier(concrete, name)),
    broken: concrete.isBroken(node),
  }
}

const words = { pass_statement: 'Pass', break_statement: 'Break', continue_statement: 'Continue' } as const

function lowerWord(concrete: Concrete, node: number): ast.Statement {
  const kind = words[concrete.type(node) as keyof typeof words]
  return { kind, start: concrete.startOf(node), end: concrete.endOf(node), parent: undefined, broken: false }
}

/** `type X = …`. The grammar also takes `type(m).x = 1` for one. */
function lowerTypeAlias(concrete: Concrete, node: number): ast.Statement {
  const [, left, , right] = concrete.children(node)
  const name = left === undefined ? undefined : left + 1
  if (name === undefined || (concrete.type(name) !== 'identifier' && concrete.type(name) !== 'generic_type')) {
    return lowerDisguised(concrete, node, 'type')
  }
  const isGeneric = concrete.type(name) === 'generic_type'
  return {
    kind: 'TypeAlias',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    name: lowerExpression(concrete, isGeneric ? name + 1 : name),
    typeParameters: isGeneric ? lowerTypeParameters(concrete, name) : [],
    value: lowerExpression(concrete, right),
    broken: concrete.isBroken(node),
  }
}

/** `print >> file, text` is an expression in Python 3, and `print text` nothing. */
function lowerPrint(concrete: Concrete, node: number): ast.Statement {
  if (concrete.find(node, 'chevron') === undefined) return concrete.errorStatement(node)
  return lowerDisguised(concrete, node, 'print')
}

/**
 * A statement that begins with a name which the grammar takes for a keyword: parsed again with another name of the same
 * length, whose positions then hold for the text as it is.
 */
function lowerDisguised(concrete: Concrete, node: number, keyword: string): ast.Statement {
  const start = concrete.startOf(node)
  const text = '_'.repeat(keyword.length) + concrete.text.slice(start + keyword.length, concrete.endOf(node))
  const isolated = concrete.isolated(concrete.text, text, start)
  const isOne = isolated.nextOf(0) === isolated.types.length
  if (!isOne || isolated.isBroken(0)) return concrete.errorStatement(node)
  isolated.depth = concrete.depth
  return lowerStatement(isolated, 0)
}
