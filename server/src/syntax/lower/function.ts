import type * as ast from '../ast.ts'
import type { Concrete, Lower } from '../concrete.ts'
import { lowerBlock } from './block.ts'
import { lowerExpression } from './dispatch.ts'
import { identifier, lowerArguments } from './primary.ts'

/** Functions and classes. */
export const definitions: Readonly<Record<string, Lower<ast.Statement>>> = {
  function_definition: (concrete, node) => lowerFunction(concrete, node, []),
  class_definition: (concrete, node) => lowerClass(concrete, node, []),
  decorated_definition: lowerDecorated,
}

export const lambdas: Readonly<Record<string, Lower<ast.Expression>>> = { lambda: lowerLambda }

function lowerDecorated(concrete: Concrete, node: number): ast.Statement {
  const decorators: ast.Decorator[] = []
  for (const child of concrete.children(node)) {
    if (concrete.type(child) === 'function_definition')
      return decorated(lowerFunction(concrete, child, decorators), node)
    if (concrete.type(child) === 'class_definition') return decorated(lowerClass(concrete, child, decorators), node)
    const expression = lowerExpression(concrete, concrete.child(child, 1))
    decorators.push({ ...concrete.base('Decorator', child), expression })
  }
  return concrete.errorStatement(node)

  function decorated(definition: ast.Statement, node: number): ast.Statement {
    return { ...definition, start: concrete.startOf(node), broken: concrete.isBroken(node) }
  }
}

function lowerFunction(concrete: Concrete, node: number, decorators: readonly ast.Decorator[]): ast.Statement {
  const name = concrete.find(node, 'identifier')
  const parameters = concrete.find(node, 'parameters')
  if (name === undefined || parameters === undefined) return concrete.errorStatement(node)
  const returns = concrete.find(node, 'type')
  return {
    ...concrete.base('FunctionDef', node),
    isAsync: concrete.type(concrete.child(node, 0)) === 'async',
    name: identifier(concrete, name),
    nameStart: concrete.startOf(name),
    decorators,
    typeParameters: lowerTypeParameters(concrete, node),
    parameters: lowerParameters(concrete, parameters),
    returns: returns === undefined ? undefined : lowerExpression(concrete, returns),
    body: lowerBlock(concrete, node),
    broken: concrete.isBroken(node),
  }
}

function lowerClass(concrete: Concrete, node: number, decorators: readonly ast.Decorator[]): ast.Statement {
  const name = concrete.find(node, 'identifier')
  if (name === undefined) return concrete.errorStatement(node)
  const list = concrete.find(node, 'argument_list')
  const bases = list === undefined ? { args: [], keywords: [] } : lowerArguments(concrete, list)
  return {
    ...concrete.base('ClassDef', node),
    name: identifier(concrete, name),
    nameStart: concrete.startOf(name),
    decorators,
    typeParameters: lowerTypeParameters(concrete, node),
    bases: bases.args,
    keywords: bases.keywords,
    body: lowerBlock(concrete, node),
    broken: concrete.isBroken(node),
  }
}

function lowerLambda(concrete: Concrete, node: number): ast.Expression {
  const parameters = concrete.find(node, 'lambda_parameters')
  return {
    ...concrete.base('Lambda', node),
    parameters: parameters === undefined ? [] : lowerParameters(concrete, parameters),
    body: lowerExpression(concrete, concrete.child(node, parameters === undefined ? 2 : 3)),
  }
}

/** `[T: bound, *Ts, **P]`: the grammar reads each as a type. */
export function lowerTypeParameters(concrete: Concrete, node: number): ast.TypeParameter[] {
  const list = concrete.find(node, 'type_parameter')
  const types = list === undefined ? [] : concrete.children(list).filter(child => concrete.type(child) === 'type')
  return types.map(type => {
    let name = type
    while (name < concrete.nextOf(type) && concrete.type(name) !== 'identifier') name++
    return { ...concrete.base('TypeParameter', type), name: identifier(concrete, name) }
  })
}

function lowerParameters(concrete: Concrete, list: number): ast.Parameter[] {
  let parameters: ast.Parameter[] = []
  let mode: ast.Parameter['mode'] = 'positional-or-keyword'
  for (const child of concrete.children(list)) {
    switch (concrete.type(child)) {
      case '(':
      case ')':
      case ',':
        break
      case 'positional_separator':
        parameters = parameters.map(parameter => ({ ...parameter, mode: 'positional-only' }))
        break
      case 'keyword_separator':
        mode = 'keyword-only'
        break
      default: {
        const parameter = lowerParameter(concrete, child, mode)
        const lacksDefault =
          parameter?.mode === 'positional-or-keyword' && !parameter.default && !!parameters.at(-1)?.default
        if (!parameter || lacksDefault) concrete.markBroken(child)
        if (parameter?.mode === 'variadic') mode = 'keyword-only'
        if (parameter) parameters.push(parameter)
      }
    }
  }
  return parameters
}

/** One parameter; `undefined` for what is one in Python 2 alone. */
function lowerParameter(concrete: Concrete, node: number, mode: ast.Parameter['mode']): ast.Parameter | undefined {
  const isWrapped = wrapped.has(concrete.type(node))
  const inner = isWrapped ? concrete.child(node, 0) : node
  const stars = starModes[concrete.type(inner)]
  const name = stars === undefined ? inner : concrete.child(inner, 1)
  if (concrete.type(name) !== 'identifier' || concrete.isBroken(node)) return undefined
  const annotation = isWrapped ? concrete.find(node, 'type') : undefined
  const equals = isWrapped ? concrete.find(node, '=') : undefined
  return {
    ...concrete.base('Parameter', node),
    name: identifier(concrete, name),
    mode: stars ?? mode,
    annotation: annotation === undefined ? undefined : lowerExpression(concrete, annotation),
    default: equals === undefined ? undefined : lowerExpression(concrete, concrete.nextOf(equals)),
  }
}

const wrapped: ReadonlySet<string> = new Set(['typed_parameter', 'default_parameter', 'typed_default_parameter'])
const starModes: Readonly<Record<string, 'variadic' | 'keyword-variadic' | undefined>> = {
  list_splat_pattern: 'variadic',
  dictionary_splat_pattern: 'keyword-variadic',
}
