import type * as ast from '../../syntax/ast.ts'
import { elementAt, elementsOf } from './elements.ts'
import type { Evaluation, Frame } from './evaluation.ts'
import { attributeOf } from './members.ts'
import { combined, compared, decided, negated, table } from './operators.ts'
import { outsideValue } from './outside.ts'
import { assign } from './statements.ts'
import { type Arguments, fork, join, joinStates, literal, none, sequence, unknown, type Value } from './values.ts'

/** The value of an expression in a running function, or outside of all. */
export function evaluateExpression(evaluation: Evaluation, node: ast.Expression, frame: Frame): Value {
  const evaluate = (each: ast.Expression) => evaluation.evaluate(each, frame)
  switch (node.kind) {
    case 'Constant':
      return typeof node.value === 'object' ? (node.type === 'None' ? none : unknown) : literal(node.value)
    case 'Name':
      return localValue(node, frame) ?? outsideValue(evaluation, node, frame)
    case 'Attribute':
      return attributeValue(evaluation, node, frame)
    case 'Call':
      return callValue(evaluation, node, frame)
    case 'Subscript':
      return elementAt(evaluate(node.value), evaluate(node.slice), node.slice.kind === 'Slice', frame)
    case 'BinOp':
      return combined(node.op, evaluate(node.left), evaluate(node.right), frame)
    case 'UnaryOp':
      return negated(node.op, evaluate(node.operand), frame)
    case 'Compare':
      return comparison(evaluation, node, frame)
    case 'BoolOp':
      return booleanValue(evaluation, node, frame)
    case 'IfExp': {
      const test = decided(evaluate(node.test), frame)
      if (test !== undefined) return evaluate(test ? node.body : node.orelse)
      return eitherWay(
        frame,
        () => evaluate(node.body),
        () => evaluate(node.orelse),
      )
    }
    case 'List':
    case 'Tuple':
    case 'Set': {
      const { positional, isExact } = spread(evaluation, node.elements, frame)
      return sequence(positional, frame.state, isExact)
    }
    case 'Dict':
      return dictValue(evaluation, node, frame)
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp': {
      const found: Value[] = []
      const isExact = comprehend(evaluation, node.generators, frame, () => found.push(evaluate(node.element)))
      return sequence(found, frame.state, isExact)
    }
    case 'DictComp': {
      const entries = new Map<string | number, Value>()
      const isExact = comprehend(evaluation, node.generators, frame, () => {
        const key = evaluate(node.key)
        const value = evaluate(node.value)
        if (key.kind === 'literal') entries.set(String(key.literal), value)
      })
      return table(entries, frame, isExact)
    }
    case 'JoinedStr':
      return interpolated(evaluation, node, frame)
    case 'NamedExpr': {
      const value = evaluate(node.value)
      assign(evaluation, node.target, value, frame)
      return value
    }
    case 'Lambda':
      return { kind: 'function', node, receiver: undefined }
    default:
      return unknown
  }
}

/** A variable of the function that runs, or of one that it is written in. */
function localValue(node: ast.Name, frame: Frame): Value | undefined {
  return frame.state.locals.get(node.id) ?? (frame.outer && localValue(node, frame.outer))
}

function attributeValue(evaluation: Evaluation, node: ast.Attribute, frame: Frame): Value {
  const root = rootOf(node)
  const isLocal = root.kind !== 'Name' || localValue(root, frame) !== undefined
  const name = isLocal ? undefined : evaluation.model.qualifiedName(node)
  if (name !== undefined) return { kind: 'symbol', name }
  if (!isLocal && frame.code === undefined) {
    const value = outsideValue(evaluation, node, frame)
    if (value.kind !== 'unknown') return value
  }
  return attributeOf(evaluation, evaluation.evaluate(node.value, frame), node.attr, frame)
}

function rootOf(node: ast.Expression): ast.Expression {
  return node.kind === 'Attribute' ? rootOf(node.value) : node
}

function callValue(evaluation: Evaluation, node: ast.Call, frame: Frame): Value {
  const isSuper = node.func.kind === 'Name' && node.func.id === 'super'
  if (isSuper && frame.method) return { kind: 'super', class: frame.method.class, self: frame.method.self }
  const callee = evaluation.evaluate(node.func, frame)
  const given = argumentsOf(evaluation, node, frame)
  evaluation.observe(node, given, frame)
  return evaluation.call(callee, given, node, frame)
}

function argumentsOf(evaluation: Evaluation, node: ast.Call, frame: Frame): Arguments {
  const { positional, isExact } = spread(evaluation, node.args, frame)
  const keywords = new Map<string, Value>()
  let isComplete = isExact
  for (const { arg, value } of node.keywords) {
    const given = evaluation.evaluate(value, frame)
    if (arg !== undefined) keywords.set(arg, given)
    else {
      const options = given.kind === 'object' ? frame.state.heap.get(given.identity) : undefined
      if (options?.kind !== 'table' || !options.isExact) isComplete = false
      else for (const [key, each] of options.entries) keywords.set(String(key), each)
    }
  }
  return { positional, keywords, isExact: isComplete }
}

/** `a, *rest`. */
function spread(
  evaluation: Evaluation,
  nodes: readonly ast.Expression[],
  frame: Frame,
): { readonly positional: readonly Value[]; readonly isExact: boolean } {
  let isExact = true
  const positional = nodes.flatMap(node => {
    if (node.kind !== 'Starred') return [evaluation.evaluate(node, frame)]
    const elements = elementsOf(evaluation.evaluate(node.value, frame), frame)
    if (!elements?.isExact) isExact = false
    return elements?.elements ?? []
  })
  return { positional, isExact }
}

function comparison(evaluation: Evaluation, node: ast.Compare, frame: Frame): Value {
  let left = evaluation.evaluate(node.left, frame)
  for (const [index, op] of node.ops.entries()) {
    const comparator = node.comparators[index]
    const right = comparator ? evaluation.evaluate(comparator, frame) : unknown
    const holds = compared(op, left, right, frame)
    if (holds !== true) return holds === undefined ? unknown : literal(false)
    left = right
  }
  return literal(true)
}

/** `x or y`: the first that decides it. */
function booleanValue(evaluation: Evaluation, node: ast.BoolOp, frame: Frame): Value {
  let isOpen = false
  let answer: Value = unknown
  for (const [index, operand] of node.values.entries()) {
    answer = evaluation.evaluate(operand, frame)
    const truth = decided(answer, frame)
    // `False and …`, behind whatever is not known, is still false where only the truth counts.
    if (truth === (node.op === 'or')) return isOpen ? literal(truth) : answer
    if (truth === undefined) isOpen = true
    if (index === node.values.length - 1 && !isOpen) return answer
  }
  return unknown
}

function dictValue(evaluation: Evaluation, node: ast.Dict, frame: Frame): Value {
  const entries = new Map<string | number, Value>()
  let isExact = true
  node.values.forEach((each, index) => {
    const key = node.keys[index]
    const name = key && evaluation.evaluate(key, frame)
    const value = evaluation.evaluate(each, frame)
    if (name?.kind === 'literal')
      entries.set(typeof name.literal === 'number' ? name.literal : String(name.literal), value)
    else isExact = false
  })
  return table(entries, frame, isExact)
}

/** Runs what a comprehension collects, once for each turn; false if their number is not known. */
function comprehend(
  evaluation: Evaluation,
  generators: readonly ast.Comprehension[],
  frame: Frame,
  collect: () => void,
): boolean {
  const { locals } = frame.state
  frame.state.locals = new Map(locals)
  const { isRepeated } = frame
  const isExact = turns(evaluation, generators, frame, collect)
  frame.isRepeated = isRepeated
  frame.state.locals = locals
  return isExact
}

function turns(
  evaluation: Evaluation,
  [generator, ...inner]: readonly ast.Comprehension[],
  frame: Frame,
  collect: () => void,
): boolean {
  if (!generator) {
    collect()
    return true
  }
  const elements = elementsOf(evaluation.evaluate(generator.iter, frame), frame)
  const isExact = elements?.isExact ?? false
  let isKnown = isExact
  for (const element of elements?.elements ?? [unknown]) {
    if (!isExact) frame.isRepeated = true
    assign(evaluation, generator.target, isExact || elements?.elements.length === 1 ? element : unknown, frame)
    const tests = generator.ifs.map(test => decided(evaluation.evaluate(test, frame), frame))
    if (tests.includes(false)) continue
    if (tests.includes(undefined)) isKnown = false
    if (!turns(evaluation, inner, frame, collect)) isKnown = false
    if (!isExact) break
  }
  return isKnown
}

/** The text of an f-string, where it has no format and no escape. */
function interpolated(evaluation: Evaluation, node: ast.JoinedStr, frame: Frame): Value {
  const text = evaluation.model.textOf(node)
  const [, quote] = /^[fF](["'])(?!\1\1)/.exec(text) ?? []
  if (quote === undefined || !text.endsWith(quote)) return unknown
  let result = ''
  let at = 2
  for (const value of node.values) {
    const part = evaluation.evaluate(value, frame)
    const [start, end] = [value.start - node.start, value.end - node.start]
    const before = text.slice(at, start)
    if (part.kind !== 'literal' || !before.endsWith('{') || text[end] !== '}') return unknown
    result += before.slice(0, -1) + String(part.literal)
    at = end + 1
  }
  result += text.slice(at, -1)
  return /[{}\\]/.test(result) || result.includes(quote) ? unknown : literal(result)
}

/** The value where two ways of an expression meet. */
export function eitherWay(frame: Frame, first: () => Value, second: () => Value): Value {
  const before = frame.state
  frame.state = fork(before)
  const a = first()
  const after = frame.state
  frame.state = fork(before)
  const b = second()
  frame.state = joinStates(after, frame.state)
  return join(a, b)
}
