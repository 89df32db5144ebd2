import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerAssignment, lowerAugmentedAssignment } from './assignment.ts'
import { lowerExpression, lowerStatement } from './dispatch.ts'
import { lowerTypeParameters } from './function.ts'
import { identifier } from './primary.ts'
import { lowerElement, lowerUnbracketed } from './star.ts'

/** Statements that contain no others. */
export const simpleStatements: Readonly<Record<string, Lower<ast.Statement>>> = {
  expression_statement: lowerExpressionStatement,
  return_statement: lowerReturn,
  delete_statement: lowerDelete,
  raise_statement: lowerRaise,
  assert_statement: lowerAssert,
  global_statement: lowerScope('Global'),
  nonlocal_statement: lowerScope('Nonlocal'),
  pass_statement: lowerWord('Pass'),
  break_statement: lowerWord('Break'),
  continue_statement: lowerWord('Continue'),
  type_alias_statement: lowerTypeAlias,
  print_statement: lowerPrint,
  // Python 2 alone has it.
  exec_statement: (concrete, node) => concrete.errorStatement(node),
}

function lowerExpressionStatement(concrete: Concrete, node: number): ast.Statement {
  const child = concrete.child(node, 0)
  if (concrete.type(child) === 'assignment') return lowerAssignment(concrete, child)
  if (concrete.type(child) === 'augmented_assignment') return lowerAugmentedAssignment(concrete, child)
  const value = lowerUnbracketed(concrete, concrete.children(node))
  return { ...concrete.base('Expr', node), value, broken: concrete.isBroken(node) }
}

function lowerReturn(concrete: Concrete, node: number): ast.Statement {
  const [, operand] = concrete.children(node)
  const value = operand === undefined ? undefined : lowerElement(concrete, operand)
  return { ...concrete.base('Return', node), value, broken: concrete.isBroken(node) }
}

function lowerDelete(concrete: Concrete, node: number): ast.Statement {
  const list = concrete.child(node, 1)
  const target = lowerExpression(concrete, list)
  const targets = target.kind === 'Tuple' && concrete.type(list) === 'expression_list' ? target.elements : [target]
  return { ...concrete.base('Delete', node), targets, broken: concrete.isBroken(node) }
}

function lowerRaise(concrete: Concrete, node: number): ast.Statement {
  const [, ...children] = concrete.children(node)
  const from = children.findIndex(child => concrete.type(child) === 'from')
  const [exception] = from === 0 ? [] : children
  const cause = from < 0 ? undefined : children[from + 1]
  // `raise Class, value` is Python 2.
  if (exception !== undefined && concrete.type(exception) === 'expression_list') return concrete.errorStatement(node)
  return {
    ...concrete.base('Raise', node),
    exception: exception === undefined ? undefined : lowerExpression(concrete, exception),
    cause: cause === undefined ? undefined : lowerExpression(concrete, cause),
    broken: concrete.isBroken(node),
  }
}

function lowerAssert(concrete: Concrete, node: number): ast.Statement {
  const [, test = node, , message, ...others] = concrete.children(node)
  if (others.length > 0) return concrete.errorStatement(node)
  return {
    ...concrete.base('Assert', node),
    test: lowerExpression(concrete, test),
    message: message === undefined ? undefined : lowerExpression(concrete, message),
    broken: concrete.isBroken(node),
  }
}

function lowerScope(kind: 'Global' | 'Nonlocal'): Lower<ast.Statement> {
  return (concrete, node) => {
    const names = concrete.children(node).filter(child => concrete.type(child) === 'identifier')
    return { ...concrete.base(kind, node), names: names.map(name => identifier(concrete, name)), broken: false }
  }
}

function lowerWord(kind: 'Pass' | 'Break' | 'Continue'): Lower<ast.Statement> {
  return (concrete, node) => ({ ...concrete.base(kind, node), broken: false })
}

/** `type X = …`. The grammar also takes `type(m).x = 1` for one. */
function lowerTypeAlias(concrete: Concrete, node: number): ast.Statement {
  const name = concrete.child(concrete.child(node, 1), 0)
  const isGeneric = concrete.type(name) === 'generic_type'
  if (!isGeneric && concrete.type(name) !== 'identifier') return lowerDisguised(concrete, node, 'type')
  return {
    ...concrete.base('TypeAlias', node),
    name: lowerExpression(concrete, isGeneric ? concrete.child(name, 0) : name),
    typeParameters: isGeneric ? lowerTypeParameters(concrete, name) : [],
    value: lowerExpression(concrete, concrete.child(node, 3)),
    broken: concrete.isBroken(node),
  }
}

/** `print >> file, text` is an expression in Python 3; `print text` is nothing. */
function lowerPrint(concrete: Concrete, node: number): ast.Statement {
  if (concrete.find(node, 'chevron') === undefined) return concrete.errorStatement(node)
  return lowerDisguised(concrete, node, 'print')
}

/**
 * A statement that begins with a name which the grammar takes for a keyword: parsed again with another name of the same
 * length, so that positions hold for the text as it is.
 */
function lowerDisguised(concrete: Concrete, node: number, keyword: string): ast.Statement {
  const start = concrete.startOf(node)
  const disguised = '_'.repeat(keyword.length) + concrete.text.slice(start + keyword.length, concrete.endOf(node))
  const isolated = concrete.isolate(concrete.text, disguised, start)
  if (isolated.nextOf(0) !== isolated.size || isolated.isBroken(0)) return concrete.errorStatement(node)
  isolated.depth = concrete.depth
  const statement = lowerStatement(isolated, 0)
  if (statement.broken) concrete.markBroken(node)
  return statement
}
