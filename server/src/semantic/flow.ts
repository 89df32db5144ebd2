import type * as ast from '../syntax/ast.ts'
import { children } from '../syntax/walk.ts'
import { bind, type Definition } from './definitions.ts'
import { isComprehension } from './scopes.ts'
import type { Survey } from './survey.ts'

/**
 * A basic block of one scope's control-flow graph, reduced to what reaching definitions need: which names it binds, in
 * order, and where control may come from. A definition reaches a use if some way backwards from the use meets it first.
 *
 *     scaler = None              block 0   defines scaler₀
 *     if amp:
 *         scaler = GradScaler()  block 1 ← 0   defines scaler₁
 *     scaler.update()            block 2 ← 1, 0: scaler₁ and scaler₀ reach
 */
export interface Block {
  readonly definitions: Definition[]
  readonly predecessors: Block[]
}

/** Where in the flow a node is evaluated: after the first `count` definitions of the block. */
export interface Position {
  readonly block: Block
  readonly count: number
}

export interface Flow {
  readonly entry: Block
  /** Of names that are read, of comprehensions and of class statements, which run where they stand. */
  readonly positions: ReadonlyMap<ast.Node, Position>
  /** True if the end of the body can be reached. */
  readonly fallsThrough: boolean
}

interface Jumps {
  readonly breaks: Block[]
  readonly continues: Block
}

export function buildFlow(scope: ast.Module | ast.FunctionDef | ast.ClassDef, survey: Survey): Flow {
  const positions = new Map<ast.Node, Position>()
  const entry: Block = { definitions: [], predecessors: [] }
  /** Undefined behind a jump: what follows is unreachable. */
  let current: Block | undefined = entry
  /** The number of definitions so far. */
  let bound = 0
  const loops: Jumps[] = []
  /** Blocks from which an exception, or a jump out, enters a handler or `finally`; one list per enclosing `try`. */
  const raising: Block[][] = []
  const hasWalrus = survey.byKind.has('NamedExpr')

  const block = (...from: readonly (Block | undefined)[]): Block | undefined => {
    const predecessors = from.filter(each => each !== undefined)
    return predecessors.length > 0 ? { definitions: [], predecessors } : undefined
  }

  const define = (node: ast.Node): void => {
    const definition = survey.definitionAt.get(node)
    if (!current || definition?.site !== scope) return
    if (raising.length > 0) {
      // An exception may come before or after this definition: end the block here.
      for (const blocks of raising) blocks.push(current)
      current = { definitions: [], predecessors: [current] }
    }
    current.definitions.push(definition)
    bound++
  }
  const defineTarget = { name: (_: string, node: ast.Node) => define(node), attribute: () => {}, item: () => {} }
  const bindAll = (node: ast.Node): void => bind(node, defineTarget)

  if (scope.kind === 'FunctionDef') for (const parameter of scope.parameters) bindAll(parameter)
  if (scope.kind !== 'Module') for (const parameter of scope.typeParameters) bindAll(parameter)
  visitBody(scope.body)
  return { entry, positions, fallsThrough: current !== undefined }

  function visitBody(body: readonly ast.Statement[]): void {
    for (const statement of body) visitStatement(statement)
  }

  function visitStatement(node: ast.Statement): void {
    switch (node.kind) {
      case 'FunctionDef':
        for (const decorator of node.decorators) evaluate(decorator.expression)
        for (const parameter of node.parameters) evaluate(parameter.annotation, parameter.default)
        evaluate(node.returns)
        bindAll(node)
        break
      case 'ClassDef':
        for (const decorator of node.decorators) evaluate(decorator.expression)
        evaluate(...node.bases, ...node.keywords.map(keyword => keyword.value))
        if (current) positions.set(node, { block: current, count: current.definitions.length })
        bindAll(node)
        break
      case 'Assign':
        evaluate(node.value, ...node.targets)
        bindAll(node)
        break
      case 'AugAssign':
        evaluate(node.target, node.value)
        bindAll(node)
        break
      case 'AnnAssign':
        evaluate(node.annotation, node.value, node.target)
        // Without a value it declares; the names of the function's other definitions still reach.
        if (node.value || !hasOtherDefinitions(node.target)) bindAll(node)
        break
      case 'If':
        visitIf(node)
        break
      case 'For':
      case 'While':
        visitLoop(node)
        break
      case 'With':
        for (const item of node.items) {
          evaluate(item.contextExpression, item.optionalVars)
          bindAll(item)
        }
        visitBody(node.body)
        break
      case 'Match':
        visitMatch(node)
        break
      case 'Try':
        visitTry(node)
        break
      case 'Return':
      case 'Raise':
        for (const child of children(node)) evaluate(child)
        leave()
        break
      case 'Break':
        if (current) loops.at(-1)?.breaks.push(current)
        leave()
        break
      case 'Continue':
        if (current) loops.at(-1)?.continues.predecessors.push(current)
        leave()
        break
      default:
        for (const child of children(node)) evaluate(child)
        bindAll(node)
    }
  }

  /** Control goes elsewhere, through the `finally` clauses around. */
  function leave(): void {
    if (current) for (const blocks of raising) blocks.push(current)
    current = undefined
  }

  /** A chain of `elif` is followed in a loop: it may be longer than the call stack is deep. */
  function visitIf(first: ast.If): void {
    const ends: (Block | undefined)[] = []
    let node: ast.If = first
    for (;;) {
      evaluate(node.test)
      const tested = current
      current = block(tested)
      visitBody(node.body)
      ends.push(current)
      current = block(tested)
      const next: ast.Statement | undefined = node.orelse[0]
      if (next?.kind === 'If' && next.isElif) node = next
      else break
    }
    visitBody(node.orelse)
    current = block(...ends, current)
  }

  function visitLoop(node: ast.For | ast.While): void {
    if (node.kind === 'For') evaluate(node.iter)
    const head = block(current)
    if (!head) return
    current = head
    if (node.kind === 'While') evaluate(node.test)
    const tested = current
    if (node.kind === 'For') {
      current = block(tested)
      evaluate(node.target)
      bindAll(node)
    } else current = block(tested)
    const breaks: Block[] = []
    loops.push({ breaks, continues: head })
    visitBody(node.body)
    loops.pop()
    if (current) head.predecessors.push(current)
    const endless = node.kind === 'While' && node.test.kind === 'Constant' && Boolean(node.test.value)
    current = endless ? undefined : block(tested)
    visitBody(node.orelse)
    current = block(current, ...breaks)
  }

  function visitMatch(node: ast.Match): void {
    evaluate(node.subject)
    const ends: (Block | undefined)[] = []
    for (const each of node.cases) {
      const before = current
      current = block(before)
      bindAll(each.pattern)
      evaluate(each.guard)
      const skipped = each.pattern.irrefutable && !each.guard ? undefined : block(before, current)
      visitBody(each.body)
      ends.push(current)
      current = skipped
    }
    current = block(...ends, current)
  }

  function visitTry(node: ast.Try): void {
    const thrown: Block[] = []
    const leaving: Block[] = []
    if (current) thrown.push(current)
    if (node.finalbody.length > 0) raising.push(leaving)
    raising.push(thrown)
    current = block(current)
    visitBody(node.body)
    if (current) thrown.push(current)
    raising.pop()
    visitBody(node.orelse)
    const ends: (Block | undefined)[] = [current]
    for (const handler of node.handlers) {
      current = block(...thrown)
      evaluate(handler.type)
      bindAll(handler)
      visitBody(handler.body)
      ends.push(current)
    }
    if (node.finalbody.length === 0) {
      current = block(...ends)
      return
    }
    raising.pop()
    const completes = ends.some(end => end !== undefined)
    const before = bound
    current = block(...ends, ...leaving, ...thrown)
    visitBody(node.finalbody)
    // A `finally` that binds nothing need not mix what completes with what only passes through it.
    if (!completes) leave()
    else if (current && bound === before) current = block(...ends)
  }

  /** Names are read in source order, which is the order of evaluation but for walruses and conditional expressions. */
  function evaluate(...expressions: readonly (ast.Node | undefined)[]): void {
    const stack: (ast.Node | (() => void))[] = []
    pushAll(expressions)
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (typeof next === 'function') next()
      else visit(next)
    }

    function pushAll(nodes: readonly (ast.Node | (() => void) | undefined)[]): void {
      for (let i = nodes.length - 1; i >= 0; i--) {
        const node = nodes[i]
        if (node) stack.push(node)
      }
    }

    function visit(node: ast.Node): void {
      if (current && (node.kind === 'Name' || isComprehension(node))) {
        positions.set(node, { block: current, count: current.definitions.length })
      }
      if (node.kind === 'Lambda') {
        pushAll(node.parameters.map(parameter => parameter.default))
      } else if (node.kind === 'NamedExpr') {
        pushAll([node.value, () => bindAll(node)])
      } else if (hasWalrus && isConditional(node)) {
        const [first, ...others] = children(node)
        pushAll([first, ...others.flatMap(other => maybe(other))])
      } else if (node.kind !== 'Constant') {
        pushAll(children(node))
      }
    }

    /** Evaluates a part that may be skipped. */
    function maybe(node: ast.Node): readonly (ast.Node | (() => void))[] {
      let skipped: Block | undefined
      const start = (): void => {
        skipped = current
        current = block(current)
      }
      const end = (): void => {
        current = block(skipped, current)
      }
      return [start, node, end]
    }
  }

  function hasOtherDefinitions(target: ast.Expression): boolean {
    const definition = survey.definitionAt.get(target)
    const variable = definition && survey.scopes.get(scope)?.variables.get(definition.name)
    return variable !== undefined && variable.definitions.length > 1
  }
}

/** Expressions of which only the first part is certain to be evaluated. */
function isConditional(node: ast.Node): boolean {
  return node.kind === 'BoolOp' || node.kind === 'IfExp' || isComprehension(node)
}
