/** Evaluates the expressions and small functions that people compute learning rates with. */
import type { Model, Value } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { defaultExpression } from '../defaults.ts'
import { textOf } from '../names.ts'
import { builtinValue } from './builtins.ts'
import { arithmetic, compare, isTrue, type PythonValue, toNumber, unknown } from './python.ts'

/** A number that the text does not fix: the default of a command-line option or of a parameter. */
export interface Assumption {
  readonly expression: string
  readonly value: string
}

export interface Evaluator {
  evaluate(expression: ast.Expression): PythonValue
  /** The defaults that the evaluation rested on. */
  readonly assumptions: ReadonlyMap<string, string>
}

/** The variables of the function that runs. */
type Locals = Map<string, PythonValue>

const deepest = 60

export function createEvaluator(model: Model): Evaluator {
  const assumptions = new Map<string, string>()
  let depth = 0

  function evaluate(node: ast.Expression, locals: Locals): PythonValue {
    if (depth >= deepest) return unknown()
    depth++
    try {
      return compute(node, locals)
    } finally {
      depth--
    }
  }

  function compute(node: ast.Expression, locals: Locals): PythonValue {
    switch (node.kind) {
      case 'Constant':
        return constant(node)
      case 'Tuple':
      case 'List':
        return node.elements.map(element => evaluate(element, locals))
      case 'UnaryOp':
        return unary(node.op, evaluate(node.operand, locals))
      case 'BinOp':
        return arithmetic(node.op, evaluate(node.left, locals), evaluate(node.right, locals))
      case 'BoolOp':
        return boolean(node, locals)
      case 'Compare':
        return comparison(node, locals)
      case 'IfExp':
        return evaluate(isTrue(evaluate(node.test, locals)) ? node.body : node.orelse, locals)
      case 'Lambda':
        return functionOf(node)
      case 'Call':
        return call(node, locals)
      case 'ListComp':
      case 'GeneratorExp':
        return comprehension(node, locals)
      case 'Subscript':
        return element(node, locals) ?? resolve(node)
      case 'Name':
        return locals.get(node.id) ?? resolve(node)
      case 'Attribute':
        return resolve(node)
      default:
        return unknown()
    }
  }

  function boolean(node: ast.BoolOp, locals: Locals): PythonValue {
    let answer: PythonValue = null
    for (const value of node.values) {
      answer = evaluate(value, locals)
      if (isTrue(answer) === (node.op === 'or')) break
    }
    return answer
  }

  function comparison(node: ast.Compare, locals: Locals): boolean {
    let left = evaluate(node.left, locals)
    return node.ops.every((op, index) => {
      const comparator = node.comparators[index]
      const right = comparator ? evaluate(comparator, locals) : unknown()
      const holds = compare(op, left, right)
      left = right
      return holds
    })
  }

  function element(node: ast.Subscript, locals: Locals): PythonValue | undefined {
    if (node.value.kind !== 'Name' && node.value.kind !== 'List' && node.value.kind !== 'Tuple') return undefined
    const list = evaluate(node.value, locals)
    return Array.isArray(list) ? (list.at(toNumber(evaluate(node.slice, locals))) ?? unknown()) : undefined
  }

  function comprehension({ element, generators }: ast.ListComp | ast.GeneratorExp, locals: Locals): PythonValue {
    const [generator, ...others] = generators
    if (!generator || others.length > 0 || generator.target.kind !== 'Name') return unknown()
    const { id } = generator.target
    const items = evaluate(generator.iter, locals)
    if (!Array.isArray(items)) return unknown()
    const each = items.map(item => new Map(locals).set(id, item))
    const kept = each.filter(inner => generator.ifs.every(test => isTrue(evaluate(test, inner))))
    return kept.map(inner => evaluate(element, inner))
  }

  function call(node: ast.Call, locals: Locals): PythonValue {
    if (node.args.some(({ kind }) => kind === 'Starred')) return unknown()
    const local = node.func.kind === 'Name' ? locals.get(node.func.id) : undefined
    const callee = model.callee(node)
    if (callee.kind === 'symbol' && callee.name === 'functools.partial') return partial(node, locals)
    if (callee.kind === 'function' && !callee.receiver)
      return run(callee.node, passed(callee.node, node.args, node.keywords, locals))
    const target = local ?? (callee.kind === 'symbol' ? builtinValue(callee.name) : undefined)
    if (typeof target !== 'function' || node.keywords.length > 0) return unknown()
    return target(...node.args.map(argument => evaluate(argument, locals)))
  }

  /** A function with some of its parameters filled. */
  function partial({ args, keywords }: ast.Call, locals: Locals): PythonValue {
    const [first, ...rest] = args
    const target = first && model.values(first)[0]
    if (target?.kind !== 'function' || target.receiver) return unknown()
    const { node } = target
    const given = passed(node, rest, keywords, locals)
    return (...values) => run(node, bind(node, values, given))
  }

  function functionOf(node: ast.FunctionLike): PythonValue {
    return (...values) => run(node, bind(node, values, new Map()))
  }

  function passed(
    node: ast.FunctionLike,
    args: readonly ast.Expression[],
    keywords: readonly ast.Keyword[],
    locals: Locals,
  ): Locals {
    const given = bind(
      node,
      args.map(argument => evaluate(argument, locals)),
      new Map(),
    )
    for (const { arg, value } of keywords) given.set(arg ?? unknown(), evaluate(value, locals))
    return given
  }

  function run(node: ast.FunctionLike, given: Locals): PythonValue {
    const locals = new Map(given)
    for (const { name, default: otherwise } of node.parameters)
      if (!locals.has(name)) locals.set(name, otherwise ? evaluate(otherwise, new Map()) : unknown())
    if (node.kind === 'Lambda') return evaluate(node.body, locals)
    if (node.decorators.length > 0 || node.isAsync) return unknown()
    return execute(node.body, locals) ?? null
  }

  /** What a suite returns; undefined if it ends without. */
  function execute(body: readonly ast.Statement[], locals: Locals): PythonValue | undefined {
    for (const statement of body) {
      switch (statement.kind) {
        case 'Return':
          return statement.value ? evaluate(statement.value, locals) : null
        case 'If': {
          const isTaken = isTrue(evaluate(statement.test, locals))
          const answer = execute(isTaken ? statement.body : statement.orelse, locals)
          if (answer !== undefined) return answer
          break
        }
        case 'Assign':
          for (const target of statement.targets) assign(target, evaluate(statement.value, locals), locals)
          break
        case 'AugAssign':
          assign(
            statement.target,
            arithmetic(statement.op, evaluate(statement.target, locals), evaluate(statement.value, locals)),
            locals,
          )
          break
        case 'Expr':
          if (statement.value.kind !== 'Constant') unknown()
          break
        case 'Pass':
          break
        default:
          return unknown()
      }
    }
    return undefined
  }

  /** What a name or attribute stands for outside of the function that runs. */
  function resolve(node: ast.Name | ast.Attribute | ast.Subscript): PythonValue {
    const name = model.qualifiedName(node)
    const known = name === undefined ? undefined : builtinValue(name)
    if (known !== undefined) return known
    const values = model.values(node)
    const [first, ...others] = values
    if (!first) return unknown()
    const [value, ...different] = new Set([first, ...others].map(each => followed(each, node)))
    return value === undefined || different.length > 0 ? assumed(node) : value
  }

  /** Undefined where only a default may say it. */
  function followed(value: Value, use: ast.Expression): PythonValue | undefined {
    if (value.kind === 'function' && !value.receiver) return functionOf(value.node)
    if (value.kind === 'result') return call(value.call, new Map())
    if (value.kind === 'instance' && value.creation) return call(value.creation, new Map())
    if (value.kind === 'expression' && value.node !== use && isSteady(value.node))
      return evaluate(value.node, new Map())
    return undefined
  }

  /** A list is taken as it is written only if the model knows that nothing is appended to it. */
  function isSteady(node: ast.Expression): boolean {
    if (node.kind !== 'List' || node.parent?.kind !== 'Assign') return true
    return model.moduleOf(node) === model.module && !isExtended(node.parent.targets)
  }

  function isExtended(targets: readonly ast.Expression[]): boolean {
    const [target] = targets
    if (targets.length !== 1 || target?.kind !== 'Name') return true
    return model.nodes('Attribute').some(({ value }) => value.kind === 'Name' && value.id === target.id)
  }

  function assumed(node: ast.Expression): PythonValue {
    const expression = defaultExpression(model, node)
    if (!expression) return unknown()
    const value = evaluate(expression, new Map())
    assumptions.set(textOf(model, node), textOf(model, expression))
    return value
  }

  return { evaluate: expression => evaluate(expression, new Map()), assumptions }
}

function constant({ type, value }: ast.Constant): PythonValue {
  if (type === 'int') return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : unknown()
  return type === 'bytes' || type === 'complex' || type === 'Ellipsis' ? unknown() : value
}

function unary(op: ast.UnaryOp['op'], operand: PythonValue): PythonValue {
  if (op === 'not') return !isTrue(operand)
  if (op === '~') return unknown()
  return op === '-' ? arithmetic('-', 0n, operand) : operand
}

function bind(node: ast.FunctionLike, values: readonly PythonValue[], given: Locals): Locals {
  if (node.parameters.some(({ mode }) => mode.endsWith('variadic'))) return unknown()
  const free = node.parameters.filter(({ name, mode }) => mode !== 'keyword-only' && !given.has(name))
  if (values.length > free.length) return unknown()
  const bound = new Map(given)
  for (const [index, value] of values.entries()) bound.set(free[index]?.name ?? unknown(), value)
  return bound
}

function assign(target: ast.Expression, value: PythonValue, locals: Locals): void {
  if (target.kind === 'Name') locals.set(target.id, value)
  else if ((target.kind === 'Tuple' || target.kind === 'List') && Array.isArray(value))
    for (const [index, each] of target.elements.entries()) assign(each, value[index] ?? unknown(), locals)
  else unknown()
}
