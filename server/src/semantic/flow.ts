import type * as ast from '../syntax/ast.ts'
import { children } from '../syntax/walk.ts'
import { lastName } from './literals.ts'
import { isExit } from './relevance.ts'
import type { Survey } from './survey.ts'
import { type Block, createTrace, join, type Position } from './trace.ts'

/**
 * The control flow of one scope, reduced to what reaching definitions need. A definition reaches a use if some way
 * backwards from the use meets it first.
 *
 *     scaler = None              block 0   defines scaler₀
 *     if amp:
 *         scaler = GradScaler()  block 1 ← 0   defines scaler₁
 *     scaler.update()            block 2 ← 1, 0: scaler₁ and scaler₀ reach
 */
export interface Flow {
  /** Of names that are read, of comprehensions and of class statements, which run where they stand. */
  readonly positions: ReadonlyMap<ast.Node, Position>
  /** True if the end of the body can be reached. */
  readonly fallsThrough: boolean
}

interface Loop {
  readonly breaks: Block[]
  readonly head: Block
}

export function buildFlow(scope: ast.Module | ast.FunctionDef | ast.ClassDef, survey: Survey): Flow {
  const trace = createTrace(scope, survey, { definitions: [], predecessors: [] })
  const { define, evaluate, raising } = trace
  const loops: Loop[] = []

  if (scope.kind === 'FunctionDef') scope.parameters.forEach(define)
  if (scope.kind !== 'Module') scope.typeParameters.forEach(define)
  visitBody(scope.body)
  return { positions: trace.positions, fallsThrough: trace.current !== undefined }

  function visitBody(body: readonly ast.Statement[]): void {
    for (const statement of body) visitStatement(statement)
  }

  function visitStatement(node: ast.Statement): void {
    switch (node.kind) {
      case 'FunctionDef':
        for (const decorator of node.decorators) evaluate(decorator.expression)
        for (const parameter of node.parameters) evaluate(parameter.annotation, parameter.default)
        evaluate(node.returns)
        define(node)
        break
      case 'ClassDef':
        for (const decorator of node.decorators) evaluate(decorator.expression)
        evaluate(...node.bases, ...node.keywords.map(keyword => keyword.value))
        trace.mark(node)
        define(node)
        break
      case 'Assign':
        evaluate(node.value, ...node.targets)
        define(node)
        break
      case 'AnnAssign':
        evaluate(node.annotation, node.value, node.target)
        // Without a value it declares; the names of the function's other definitions still reach.
        if (node.value || !hasOtherDefinitions(node.target)) define(node)
        break
      case 'If':
        visitIf(node)
        break
      case 'For':
      case 'While':
        visitLoop(node)
        break
      case 'With':
        visitWith(node)
        break
      case 'Match':
        visitMatch(node)
        break
      case 'Try':
        visitTry(node)
        break
      case 'Expr':
        evaluate(node.value)
        if (isExit(node.value)) leave()
        break
      case 'Return':
      case 'Raise':
        evaluate(...children(node))
        leave()
        break
      case 'Break':
        if (trace.current) loops.at(-1)?.breaks.push(trace.current)
        leave()
        break
      case 'Continue':
        if (trace.current) loops.at(-1)?.head.predecessors.push(trace.current)
        leave()
        break
      default:
        evaluate(...children(node))
        define(node)
    }
  }

  /** Control goes elsewhere, through the `finally` clauses around. */
  function leave(): void {
    if (trace.current) for (const blocks of raising) blocks.push(trace.current)
    trace.current = undefined
  }

  /** A chain of `elif` is followed in a loop: it may be longer than the call stack is deep. */
  function visitIf(first: ast.If): void {
    const ends: (Block | undefined)[] = []
    let node: ast.If = first
    for (;;) {
      evaluate(node.test)
      const tested = trace.current
      trace.current = join(tested)
      visitBody(node.body)
      ends.push(trace.current)
      trace.current = join(tested)
      const next: ast.Statement | undefined = node.orelse[0]
      if (next?.kind === 'If' && next.isElif) node = next
      else break
    }
    visitBody(node.orelse)
    trace.current = join(...ends, trace.current)
  }

  function visitLoop(node: ast.For | ast.While): void {
    if (node.kind === 'For') evaluate(node.iter)
    const head = join(trace.current)
    if (!head) return
    trace.current = head
    if (node.kind === 'While') evaluate(node.test)
    const tested = trace.current
    trace.current = join(tested)
    if (node.kind === 'For') {
      evaluate(node.target)
      define(node)
    }
    const breaks: Block[] = []
    loops.push({ breaks, head })
    visitBody(node.body)
    loops.pop()
    if (trace.current) head.predecessors.push(trace.current)
    const endless = node.kind === 'While' && node.test.kind === 'Constant' && Boolean(node.test.value)
    trace.current = endless ? undefined : join(tested)
    visitBody(node.orelse)
    trace.current = join(trace.current, ...breaks)
  }

  /** The body is taken to run to its end, unless the manager is there to end it early. */
  function visitWith(node: ast.With): void {
    for (const item of node.items) {
      evaluate(item.contextExpression, item.optionalVars)
      define(item)
    }
    const thrown = node.items.some(item => suppresses(item.contextExpression)) ? enterTry() : []
    visitBody(node.body)
    if (thrown.length > 0) {
      raising.pop()
      trace.current = join(trace.current, ...thrown)
    }
  }

  function visitMatch(node: ast.Match): void {
    evaluate(node.subject)
    const ends: (Block | undefined)[] = []
    for (const each of node.cases) {
      const before = trace.current
      trace.current = join(before)
      define(each.pattern)
      evaluate(each.guard)
      const skipped = each.pattern.irrefutable && !each.guard ? undefined : join(before, trace.current)
      trace.current = join(trace.current)
      visitBody(each.body)
      ends.push(trace.current)
      trace.current = skipped
    }
    trace.current = join(...ends, trace.current)
  }

  /** Opens the list of blocks that an exception may come from. */
  function enterTry(): Block[] {
    const thrown: Block[] = trace.current ? [trace.current] : []
    raising.push(thrown)
    trace.current = join(trace.current)
    return thrown
  }

  function visitTry(node: ast.Try): void {
    const leaving: Block[] = []
    if (node.finalbody.length > 0) raising.push(leaving)
    const thrown = enterTry()
    visitBody(node.body)
    if (trace.current) thrown.push(trace.current)
    raising.pop()
    // A block that leads elsewhere takes no more definitions.
    trace.current = join(trace.current)
    visitBody(node.orelse)
    const ends: (Block | undefined)[] = [trace.current]
    for (const handler of node.handlers) {
      trace.current = join(...thrown)
      evaluate(handler.type)
      define(handler)
      visitBody(handler.body)
      ends.push(trace.current)
    }
    if (node.finalbody.length === 0) {
      trace.current = join(...ends)
      return
    }
    raising.pop()
    const completes = ends.some(end => end !== undefined)
    const before = trace.bound
    trace.current = join(...ends, ...leaving, ...thrown)
    visitBody(node.finalbody)
    // A `finally` that binds nothing need not mix what completes with what only passes through it.
    if (!completes) leave()
    else if (trace.current && trace.bound === before) trace.current = join(...ends)
  }

  function hasOtherDefinitions(target: ast.Expression): boolean {
    const definition = survey.definitionAt.get(target)
    const variable = definition && survey.scopes.get(scope)?.variables.get(definition.name)
    return variable !== undefined && variable.definitions.length > 1
  }
}

/** `contextlib.suppress(…)`, and `pytest.raises(…)`, which expects what it suppresses. */
function suppresses(context: ast.Expression): boolean {
  if (context.kind !== 'Call') return false
  const name = lastName(context.func)
  return name === 'suppress' || name === 'raises'
}
