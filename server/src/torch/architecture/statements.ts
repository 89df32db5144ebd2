import type * as ast from '../../syntax/ast.ts'
import { nodesWithin } from './attributes.ts'
import { elementsOf } from './elements.ts'
import { branch, type Evaluation, type Frame } from './evaluation.ts'
import { setAttribute } from './members.ts'
import { combined, decided } from './operators.ts'
import { contentsOf, joinStates, none, type State, sequenceOf, tensor, unknown, type Value } from './values.ts'

/** Runs statements in order; false if control does not get behind them. */
export function runBlock(evaluation: Evaluation, statements: readonly ast.Statement[], frame: Frame): boolean {
  return statements.every(statement => runStatement(evaluation, statement, frame))
}

function runStatement(evaluation: Evaluation, node: ast.Statement, frame: Frame): boolean {
  if (!evaluation.step()) return true
  const run = (statements: readonly ast.Statement[]) => evaluation.run(statements, frame)
  switch (node.kind) {
    case 'Expr':
      runExpression(evaluation, node.value, frame)
      return true
    case 'Assign': {
      const value = evaluation.evaluate(node.value, frame)
      for (const target of node.targets) assign(evaluation, target, value, frame)
      return true
    }
    case 'AnnAssign':
      if (node.value) assign(evaluation, node.target, evaluation.evaluate(node.value, frame), frame)
      return true
    case 'AugAssign': {
      const [before, operand] = [evaluation.evaluate(node.target, frame), evaluation.evaluate(node.value, frame)]
      const value = combined(node.op, before, operand, frame)
      // A list is extended in place.
      const extended = sequenceOf(value, frame.state)
      if (before.kind === 'object' && extended)
        frame.state.heap.set(before.identity, { ...extended, isExact: extended.isExact && !frame.isRepeated })
      else assign(evaluation, node.target, value, frame)
      return true
    }
    case 'If': {
      const test = decided(evaluation.evaluate(node.test, frame), frame)
      if (test !== undefined) return run(test ? node.body : node.orelse)
      return branch(frame, [() => run(node.body), () => run(node.orelse)])
    }
    case 'For':
      return runFor(evaluation, node, frame)
    case 'While':
      return repeat(evaluation, node.body, frame)
    case 'With':
      for (const { contextExpression, optionalVars } of node.items) {
        evaluation.evaluate(contextExpression, frame)
        if (optionalVars) assign(evaluation, optionalVars, unknown, frame)
      }
      return run(node.body)
    case 'Try': {
      const ways = [
        () => run(node.body) && run(node.orelse),
        ...node.handlers.map(handler => () => {
          if (handler.name) frame.state.locals.set(handler.name.id, unknown)
          return run(handler.body)
        }),
      ]
      return branch(frame, ways) && run(node.finalbody)
    }
    case 'Match':
      return branch(frame, [
        ...node.cases.map(
          ({ body }) =>
            () =>
              run(body),
        ),
        () => true,
      ])
    case 'Return':
      frame.returns.push({
        value: node.value ? evaluation.evaluate(node.value, frame) : none,
        state: frame.state,
      })
      return false
    case 'Raise':
      return false
    case 'Break':
      frame.breaks.push(frame.state)
      return false
    case 'Continue':
      frame.continues.push(frame.state)
      return false
    case 'FunctionDef':
      frame.state.locals.set(node.name, { kind: 'function', node, receiver: undefined })
      return true
    case 'ClassDef':
      frame.state.locals.set(node.name, { kind: 'class', node })
      return true
    case 'Delete':
      for (const target of node.targets) remove(evaluation, target, frame)
      return true
    default:
      return true
  }
}

/** `x.sigmoid_()` changes what `x` is. */
function runExpression(evaluation: Evaluation, node: ast.Expression, frame: Frame): void {
  const value = evaluation.evaluate(node, frame)
  if (node.kind !== 'Call' || node.func.kind !== 'Attribute' || !node.func.attr.endsWith('_')) return
  const receiver = node.func.value
  if (receiver.kind === 'Name' && frame.state.locals.get(receiver.id)?.kind === 'tensor')
    frame.state.locals.set(receiver.id, value)
}

export function assign(evaluation: Evaluation, target: ast.Expression, value: Value, frame: Frame): void {
  switch (target.kind) {
    case 'Name':
      frame.state.locals.set(target.id, value)
      break
    case 'Attribute':
      setAttribute(evaluation, evaluation.evaluate(target.value, frame), target.attr, value, frame)
      break
    case 'Subscript':
      assignItem(evaluation, target, value, frame)
      break
    case 'Tuple':
    case 'List': {
      const held = sequenceOf(value, frame.state)
      const fits = held?.isExact && held.elements.length === target.elements.length
      target.elements.forEach((element, index) => {
        assign(evaluation, element, (fits && held.elements[index]) || unknown, frame)
      })
      break
    }
    case 'Starred':
      assign(evaluation, target.value, unknown, frame)
      break
    default:
  }
}

function assignItem(evaluation: Evaluation, target: ast.Subscript, value: Value, frame: Frame): void {
  const container = evaluation.evaluate(target.value, frame)
  const key = evaluation.evaluate(target.slice, frame)
  const index = key.kind === 'literal' ? key.literal : undefined
  const contents = contentsOf(container, frame.state)
  // A tensor of which a part is replaced is what neither was.
  if (container.kind === 'tensor' && target.value.kind === 'Name') frame.state.locals.set(target.value.id, tensor)
  if (container.kind !== 'object' || !contents) return
  const { identity } = container
  const isKnown = (typeof index === 'string' || typeof index === 'number') && !frame.isRepeated
  if (contents.kind === 'table') {
    const entries = new Map(contents.entries)
    if (isKnown) entries.set(index, value)
    frame.state.heap.set(identity, { ...contents, entries, isExact: contents.isExact && isKnown })
  } else if (contents.kind === 'sequence') {
    const at = typeof index === 'number' ? (index < 0 ? index + contents.elements.length : index) : -1
    const isElement = isKnown && contents.isExact && at in contents.elements
    const elements = isElement ? contents.elements.with(at, value) : [...contents.elements, unknown]
    frame.state.heap.set(identity, { ...contents, elements, isExact: isElement })
  } else if (contents.kind === 'instance') {
    const places = [...contents.attributes.keys()]
    const name = typeof index === 'number' ? places.at(index) : typeof index === 'string' ? index : undefined
    if (name !== undefined && isKnown) setAttribute(evaluation, container, name, value, frame)
    else frame.state.heap.set(identity, { ...contents, isComplete: false })
  }
}

function remove(evaluation: Evaluation, target: ast.Expression, frame: Frame): void {
  if (target.kind === 'Name') frame.state.locals.set(target.id, unknown)
  if (target.kind !== 'Attribute') return
  const holder = evaluation.evaluate(target.value, frame)
  const contents = contentsOf(holder, frame.state)
  if (holder.kind !== 'object' || contents?.kind !== 'instance') return
  const attributes = new Map(contents.attributes)
  attributes.delete(target.attr)
  frame.state.heap.set(holder.identity, { ...contents, attributes })
}

/** Loops longer than this are not run turn by turn. */
const maximumTurns = 256

function runFor(evaluation: Evaluation, node: ast.For, frame: Frame): boolean {
  const iterated = evaluation.evaluate(node.iter, frame)
  const elements = elementsOf(iterated, frame)
  if (!elements?.isExact || elements.elements.length > maximumTurns) {
    const element = elements ? elements.elements : []
    return repeat(evaluation, node.body, frame, () =>
      assign(evaluation, node.target, element.length === 1 && element[0] ? element[0] : unknown, frame),
    )
  }
  const { breaks, continues } = frame
  frame.breaks = []
  let goesOn = true
  for (const element of elements.elements) {
    if (!goesOn) break
    frame.continues = []
    assign(evaluation, node.target, element, frame)
    goesOn = meet(frame, evaluation.run(node.body, frame), frame.continues)
  }
  goesOn = goesOn && evaluation.run(node.orelse, frame)
  goesOn = meet(frame, goesOn, frame.breaks)
  Object.assign(frame, { breaks, continues })
  return goesOn
}

/** Goes on from where the way that got through meets others. */
function meet(frame: Frame, getsThrough: boolean, others: readonly State[]): boolean {
  const states = getsThrough ? [frame.state, ...others] : others
  const [first] = states
  if (first) frame.state = states.reduce(joinStates)
  return first !== undefined
}

/** A body that runs once or more: what it assigns to variables is not known in it, nor behind it. */
function repeat(
  evaluation: Evaluation,
  body: readonly ast.Statement[],
  frame: Frame,
  begin: () => void = () => {},
): boolean {
  const { breaks, continues, isRepeated } = frame
  Object.assign(frame, { breaks: [], continues: [], isRepeated: true })
  const forget = () => {
    for (const name of body.flatMap(statement => assignedNames(statement, frame))) frame.state.locals.set(name, unknown)
  }
  forget()
  begin()
  const falls = evaluation.run(body, frame)
  const goesOn = meet(frame, falls, [...frame.continues, ...frame.breaks])
  forget()
  Object.assign(frame, { breaks, continues, isRepeated })
  // A body that always leaves may also not run at all.
  return goesOn || !falls
}

function assignedNames(statement: ast.Statement, frame: Frame): readonly string[] {
  const isExtended = ({ target }: ast.AugAssign) =>
    target.kind === 'Name' && sequenceOf(frame.state.locals.get(target.id), frame.state) !== undefined
  return nodesWithin(statement).flatMap(node => {
    if (node.kind === 'Assign') return node.targets.flatMap(namesIn)
    if (node.kind === 'AugAssign') return isExtended(node) ? [] : namesIn(node.target)
    return node.kind === 'For' ? namesIn(node.target) : []
  })
}

function namesIn(target: ast.Expression): readonly string[] {
  if (target.kind === 'Name') return [target.id]
  return target.kind === 'Tuple' ? target.elements.flatMap(namesIn) : []
}
