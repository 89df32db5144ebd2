import type * as ast from '../syntax/ast.ts'
import { children } from '../syntax/walk.ts'
import { bind, type Definition } from './definitions.ts'
import { isComprehension } from './scopes.ts'
import type { Survey } from './survey.ts'

/** A basic block of one scope's control-flow graph: which names it binds, in order, and where control may come from. */
export interface Block {
  readonly definitions: Definition[]
  readonly predecessors: Block[]
}

/** Where in the flow a node is evaluated: after the first `count` definitions of the block. */
export interface Position {
  readonly block: Block
  readonly count: number
}

/** The point that the construction of a flow has come to. */
export interface Trace {
  /** The block that the next definition goes into; undefined behind a jump, where nothing is reachable. */
  current: Block | undefined
  readonly positions: Map<ast.Node, Position>
  /** Blocks from which an exception, or a jump out, enters a handler or `finally`; one list per enclosing `try`. */
  readonly raising: Block[][]
  /** The number of definitions so far. */
  bound: number
  /** Binds what the node itself binds. */
  define(node: ast.Node): void
  /** Evaluates expressions one after the other. */
  evaluate(...expressions: readonly (ast.Node | undefined)[]): void
  /** Records that the node runs here. */
  mark(node: ast.Node): void
}

/** A block that any of the others leads to; none if none of them is reachable. */
export function join(...from: readonly (Block | undefined)[]): Block | undefined {
  const predecessors = from.filter(each => each !== undefined)
  return predecessors.length > 0 ? { definitions: [], predecessors } : undefined
}

export function createTrace(scope: ast.Module | ast.FunctionDef | ast.ClassDef, survey: Survey, entry: Block): Trace {
  const hasWalrus = survey.byKind.has('NamedExpr')
  const trace: Trace = {
    current: entry,
    positions: new Map(),
    raising: [],
    bound: 0,
    define: node => bind(node, targets),
    evaluate,
    mark,
  }
  const targets = { name: (_: string, node: ast.Node) => add(node), attribute: () => {}, item: () => {} }
  return trace

  function add(node: ast.Node): void {
    const definition = survey.definitionAt.get(node)
    if (!trace.current || definition?.site !== scope) return
    if (trace.raising.length > 0) {
      // An exception may come before or after this definition: end the block here.
      for (const blocks of trace.raising) blocks.push(trace.current)
      trace.current = { definitions: [], predecessors: [trace.current] }
    }
    trace.current.definitions.push(definition)
    trace.bound++
  }

  function mark(node: ast.Node): void {
    const block = trace.current
    if (block) trace.positions.set(node, { block, count: block.definitions.length })
  }

  /** Names are read in source order, which is the order of evaluation but for walruses and conditional expressions. */
  function evaluate(...expressions: readonly (ast.Node | undefined)[]): void {
    // An explicit stack: expressions nest deeper than the call stack.
    const stack: (ast.Node | (() => void))[] = []
    push(expressions)
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (typeof next === 'function') next()
      else visit(next)
    }

    function push(nodes: readonly (ast.Node | (() => void) | undefined)[]): void {
      for (let i = nodes.length - 1; i >= 0; i--) {
        const node = nodes[i]
        if (node) stack.push(node)
      }
    }

    function visit(node: ast.Node): void {
      if (node.kind === 'Name' || isComprehension(node)) mark(node)
      if (node.kind === 'Lambda') {
        push(node.parameters.map(parameter => parameter.default))
      } else if (node.kind === 'NamedExpr') {
        push([node.value, () => trace.define(node)])
      } else if (hasWalrus && node.kind === 'IfExp') {
        push([node.test, ...maybe(node.body), ...maybe(node.orelse)])
      } else if (hasWalrus && node.kind === 'BoolOp') {
        const [first, ...others] = node.values
        push([first, ...others.flatMap(maybe)])
      } else if (hasWalrus && isComprehension(node)) {
        push(children(node).flatMap(maybe))
      } else if (node.kind !== 'Constant') {
        push(children(node))
      }
    }

    /** Evaluates a part that may be skipped. */
    function maybe(node: ast.Node): readonly (ast.Node | (() => void))[] {
      let skipped: Block | undefined
      const start = (): void => {
        skipped = trace.current
        trace.current = join(skipped)
      }
      const end = (): void => {
        trace.current = join(skipped, trace.current)
      }
      return [start, node, end]
    }
  }
}
