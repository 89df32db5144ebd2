import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerBlock, lowerExpression } from './dispatch.ts'
import { identifier, lowerArguments } from './primary.ts'

/** What has parameters, a name, or decorators. */
export const definitions: Readonly<Record<string, Lower<ast.Statement>>> = {
  function_definition: (concrete, node) => lowerFunction(concrete, node, []),
  class_definition: (concrete, node) => lowerClass(concrete, node, []),
  decorated_definition: lowerDecorated,
}

export const lambdas: Readonly<Record<string, Lower<ast.Expression>>> = { lambda: lowerLambda }

function lowerDecorated(concrete: Concrete, node: number): ast.Statement {
  const decorators = concrete.children(node).filter(child => concrete.type(child) === 'decorator')
  const definition = concrete.find(node, 'function_definition', 'class_definition')
  if (definition === undefined) return concrete.errorStatement(node)
  const lowered = decorators.map(
    (decorator): ast.Decorator => ({
      kind: 'Decorator',
      start: concrete.startOf(decorator),
      end: concrete.endOf(decorator),
      parent: undefined,
      expression: lowerExpression(concrete, concrete.nextOf(decorator + 1)),
    }),
  )
  const lower = concrete.type(definition) === 'class_definition' ? lowerClass : lowerFunction
  const statement = lower(concrete, definition, lowered)
  return { ...statement, start: concrete.startOf(node), broken: concrete.isBroken(node) }
}

function lowerFunction(concrete: Concrete, node: number, decorators: readonly ast.Decorator[]): ast.Statement {
  const name = concrete.find(node, 'identifier')
  const parameters = concrete.find(node, 'parameters')
  if (name === undefined || parameters === undefined) return concrete.errorStatement(node)
  const returns = concrete.find(node, 'type')
  return {
    kind: 'FunctionDef',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    isAsync: concrete.type(node + 1) === 'async',
    name: identifier(concrete, name),
    nameStart: concrete.startOf(name),
    decorators,
    typeParameters: lowerTypeParameters(concrete, node),
    parameters: lowerParameters(concrete, parameters),
    returns: returns === undefined ? undefined : lowerExpression(concrete, returns),
    body: lowerBlock(concrete, concrete.find(node, 'block')),
    broken: concrete.isBroken(node),
  }
}

function lowerClass(concrete: Concrete, node: number, decorators: readonly ast.Decorator[]): ast.Statement {
  const name = concrete.find(node, 'identifier')
  if (name === undefined) return concrete.errorStatement(node)
  const list = concrete.find(node, 'argument_list')
  const bases = list === undefined ? { args: [], keywords: [] } : lowerArguments(concrete, list)
  return {
    kind: 'ClassDef',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    name: identifier(concrete, name),
    nameStart: concrete.startOf(name),
    decorators,
    typeParameters: lowerTypeParameters(concrete, node),
    bases: bases.args,
    keywords: bases.keywords,
    body: lowerBlock(concrete, concrete.find(node, 'block')),
    broken: concrete.isBroken(node),
  }
}

function lowerLambda(concrete: Concrete, node: number): ast.Expression {
  const parameters = concrete.find(node, 'lambda_parameters')
  return {
    kind: 'Lambda',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    parameters: parameters === undefined ? [] : lowerParameters(concrete, parameters),
    body: lowerExpression(concrete, concrete.children(node).at(-1)),
  }
}

/** `[T: bound, *Ts, **P]`: the grammar reads each as a type. */
export function lowerTypeParameters(concrete: Concrete, definition: number): ast.TypeParameter[] {
  const list = concrete.find(definition, 'type_parameter')
  if (list === undefined) return []
  const types = concrete.children(list).filter(child => concrete.type(child) === 'type')
  return types.map((type): ast.TypeParameter => {
    let name = type
    while (name < concrete.nextOf(type) && concrete.type(name) !== 'identifier') name++
    return {
      kind: 'TypeParameter',
      start: concrete.startOf(type),
      end: concrete.endOf(type),
      parent: undefined,
      name: identifier(concrete, name),
    }
  })
}

function lowerParameters(concrete: Concrete, list: number): ast.Parameter[] {
  const parameters: ast.Parameter[] = []
  let mode: ast.Parameter['mode'] = 'positional-or-keyword'
  for (const child of concrete.children(list)) {
    switch (concrete.type(child)) {
      case 'positional_separator':
        for (const [index, parameter] of parameters.entries())
          parameters[index] = { ...parameter, mode: 'positional-only' }
        break
      case 'keyword_separator':
        mode = 'keyword-only'
        break
      case '(':
      case ')':
      case ',':
        break
      default: {
        const parameter = lowerParameter(concrete, child, mode)
        if (parameter?.mode === 'variadic') mode = 'keyword-only'
        if (parameter) parameters.push(parameter)
        else concrete.markBroken(child)
      }
    }
  }
  return parameters
}

/** One parameter; `undefined` for what is one in Python 2 alone. */
function lowerParameter(concrete: Concrete, node: number, mode: ast.Parameter['mode']): ast.Parameter | undefined {
  const children = concrete.type(node) === 'identifier' ? [] : concrete.children(node)
  const inner =
    concrete.type(node).startsWith('typed') || concrete.type(node) === 'default_parameter' ? children[0] : node
  if (inner === undefined || concrete.isBroken(node)) return undefined
  const stars = starModes[concrete.type(inner)]
  const name = stars === undefined ? inner : concrete.nextOf(inner + 1)
  if (concrete.type(name) !== 'identifier') return undefined
  const annotation = children.find(child => concrete.type(child) === 'type')
  const equals = children.findIndex(child => concrete.type(child) === '=')
  return {
    kind: 'Parameter',
    start: concrete.startOf(node),
    end: concrete.endOf(node),
    parent: undefined,
    name: identifier(concrete, name),
    mode: stars ?? mode,
    annotation: annotation === undefined ? undefined : lowerExpression(concrete, annotation),
    default: equals < 0 ? undefined : lowerExpression(concrete, children[equals + 1]),
  }
}

const starModes: Readonly<Record<string, 'variadic' | 'keyword-variadic' | undefined>> = {
  list_splat_pattern: 'variadic',
  dictionary_splat_pattern: 'keyword-variadic',
}
