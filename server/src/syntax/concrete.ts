import type { TreeCursor } from 'web-tree-sitter'
import type { Comment, ErrorExpression, ErrorStatement, Expression, Kind, Statement } from './ast.ts'
import { errorType, type Grammar, type Shape } from './grammar.ts'
import { type Base, base } from './node.ts'

/**
 * A piece of tree-sitter's concrete tree, copied out of WebAssembly into columns in pre-order: the children of node `n`
 * begin at `n + 1`, and `nextOf(n)` is the node behind its last descendant. Crossing into WebAssembly is what costs;
 * copying crosses once per fact and without recursion, and the lowering then works on plain numbers.
 */
export class Concrete {
  readonly grammar: Grammar
  readonly text: string
  readonly isolate: Isolate
  readonly comments: Comment[] = []
  /** How many expressions and statements the lowering is inside of, see `maximumDepth`. */
  depth = 0
  readonly #types: number[] = []
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  readonly #nexts: number[] = []
  readonly #parents: number[] = []
  /** The nodes that are errors or contain one. */
  readonly #broken = new Set<number>()
  /** The nodes of which a direct child is an error. */
  readonly #torn = new Set<number>()

  constructor(grammar: Grammar, text: string, isolate: Isolate) {
    this.grammar = grammar
    this.text = text
    this.isolate = isolate
  }

  /** How many nodes there are. */
  get size(): number {
    return this.#types.length
  }

  /** Adds the node at the cursor and everything inside it. `offset` is added to all positions. */
  read(cursor: TreeCursor, hasError: boolean, offset: number): void {
    let parent = -1
    for (;;) {
      const node = this.#readNode(cursor, parent, hasError, offset)
      if (node >= 0 && this.#shape(node) === 'inner' && cursor.gotoFirstChild()) {
        parent = node
        continue
      }
      while (parent >= 0 && !cursor.gotoNextSibling()) {
        cursor.gotoParent()
        this.#nexts[parent] = this.size
        // A block of the grammar includes the comments behind it; here a node ends where its last token does.
        this.#ends[parent] = this.#ends[this.size - 1] ?? 0
        parent = this.#parents[parent] ?? -1
      }
      if (parent < 0) return
    }
  }

  /** The place of the node at the cursor; -1 for what is not part of the tree. */
  #readNode(cursor: TreeCursor, parent: number, hasError: boolean, offset: number): number {
    const type = cursor.nodeTypeId
    const shape = this.grammar.shapes[type]
    if (shape === 'nothing') return -1
    const start = cursor.startIndex + offset
    if (shape === 'comment') {
      this.comments.push({ start, end: cursor.endIndex + offset })
      return -1
    }
    const node = this.size
    const isMissing = hasError && cursor.nodeIsMissing
    this.#types.push(type)
    this.#starts.push(start)
    this.#ends.push(shape === 'token' && !isMissing ? start + this.type(node).length : cursor.endIndex + offset)
    this.#nexts.push(node + 1)
    this.#parents.push(parent)
    if (isMissing || type === errorType) this.tear(node)
    return node
  }

  #shape(node: number): Shape {
    return this.grammar.shapes[this.#types[node] ?? errorType] ?? 'inner'
  }

  /** The grammar's name of a node, the text of a token, or `ERROR`. */
  type(node: number): string {
    return this.grammar.names[this.#types[node] ?? errorType] ?? 'ERROR'
  }

  startOf(node: number): number {
    return this.#starts[node] ?? 0
  }

  endOf(node: number): number {
    return this.#ends[node] ?? 0
  }

  /** Makes a node begin or end elsewhere than the grammar thinks. */
  setRange(node: number, start: number, end: number): void {
    this.#starts[node] = start
    this.#ends[node] = end
  }

  parentOf(node: number): number {
    return this.#parents[node] ?? -1
  }

  /** The next sibling, or whatever comes behind the last. */
  nextOf(node: number): number {
    return this.#nexts[node] ?? node + 1
  }

  /** The child at an index that the grammar guarantees. */
  child(node: number, index: number): number {
    let child = node + 1
    for (let left = index; left > 0; left--) child = this.nextOf(child)
    return child
  }

  /** The children that are no error; errors show in `isBroken` and `isTorn`. */
  children(node: number): number[] {
    const children = []
    const end = this.nextOf(node)
    for (let child = node + 1; child < end; child = this.nextOf(child)) {
      if (this.#broken.size === 0 || this.type(child) !== 'ERROR') children.push(child)
    }
    return children
  }

  /** The first child of a type. */
  find(node: number, type: string): number | undefined {
    const end = this.nextOf(node)
    for (let child = node + 1; child < end; child = this.nextOf(child)) if (this.type(child) === type) return child
    return undefined
  }

  slice(node: number): string {
    return this.copy(this.startOf(node), this.endOf(node))
  }

  /**
   * A part of the text that does not keep the whole of it alive, as a plain slice of more than 12 characters would: a
   * statement outlives the texts that the edits elsewhere leave behind.
   */
  copy(start: number, end: number): string {
    const slice = this.text.slice(start, end)
    return slice.length > 12 ? ` ${slice}`.slice(1) : slice
  }

  isBroken(node: number): boolean {
    return this.#broken.size > 0 && this.#broken.has(node)
  }

  isTorn(node: number): boolean {
    return this.#torn.size > 0 && this.#torn.has(node)
  }

  /** Nothing that contains `node` can be trusted. */
  markBroken(node: number): void {
    for (let at = node; at >= 0 && !this.#broken.has(at); at = this.parentOf(at)) this.#broken.add(at)
  }

  /** `node` is an error, and so what it stands in directly makes no sense. */
  tear(node: number): void {
    this.#torn.add(this.parentOf(node))
    this.markBroken(node)
  }

  expressionLowering(node: number): Lower<Expression> | undefined {
    return this.grammar.expressions[this.#types[node] ?? errorType]
  }

  statementLowering(node: number): Lower<Statement> | undefined {
    return this.grammar.statements[this.#types[node] ?? errorType]
  }

  base<K extends Kind>(kind: K, node: number): Base<K> {
    return base(kind, this.startOf(node), this.endOf(node))
  }

  errorExpression(node: number): ErrorExpression {
    this.markBroken(node)
    return this.base('ErrorExpression', node)
  }

  errorStatement(node: number): ErrorStatement {
    this.markBroken(node)
    return { ...this.base('ErrorStatement', node), broken: true }
  }
}

/** Makes a node of the typed tree of a node of the concrete one. */
export type Lower<T> = (concrete: Concrete, node: number) => T

/** Parses `disguised` by itself, as if it stood at `offset` of `text`. */
export type Isolate = (text: string, disguised: string, offset: number) => Concrete
