import type { Language, TreeCursor } from 'web-tree-sitter'
import type { Comment, ErrorExpression, ErrorStatement, Expression, Statement } from './ast.ts'

/**
 * One statement of tree-sitter's concrete tree, copied out of WebAssembly into flat columns in pre-order: the children
 * of node `i` begin at `i + 1`, and `next[i]` is the node behind its last descendant. Crossing into WebAssembly is what
 * costs; copying crosses once per fact, without recursion, and the lowering then works on plain numbers.
 */
export class Concrete {
  readonly grammar: Grammar
  readonly text: string
  /** How many expressions and statements the lowering is inside of, see `maximumDepth`. */
  depth = 0
  readonly types: number[] = []
  readonly start: number[] = []
  readonly end: number[] = []
  readonly next: number[] = []
  readonly comments: Comment[] = []
  readonly isolated: Isolate
  readonly #parents: number[] = []
  /** The nodes that are errors or contain one. */
  readonly #broken = new Set<number>()
  /** The nodes of which a direct child is an error. */
  readonly #torn = new Set<number>()

  constructor(grammar: Grammar, text: string, isolated: Isolate) {
    this.grammar = grammar
    this.text = text
    this.isolated = isolated
  }

  /** Adds the node at the cursor and everything inside it; returns its place. `offset` is added to all positions. */
  read(cursor: TreeCursor, hasError: boolean, offset = 0): number {
    const { types, start, end, next, grammar } = this
    const root = types.length
    let parent = -1
    for (;;) {
      const node = types.length
      const type = cursor.nodeTypeId
      const shape = grammar.shapes[type]
      if (shape === 'comment') {
        this.comments.push({ start: cursor.startIndex + offset, end: cursor.endIndex + offset })
      } else if (shape !== 'nothing') {
        const from = cursor.startIndex + offset
        const isMissing = hasError && cursor.nodeIsMissing
        types.push(type)
        start.push(from)
        end.push(shape === 'token' && !isMissing ? from + (grammar.names[type]?.length ?? 0) : cursor.endIndex + offset)
        next.push(node + 1)
        this.#parents.push(parent)
        if (hasError && (isMissing || type === errorType)) {
          this.#torn.add(parent)
          this.markBroken(node)
        }
        if (shape === 'inner' && cursor.gotoFirstChild()) {
          parent = node
          continue
        }
      }
      for (;;) {
        if (parent < 0) return root
        if (cursor.gotoNextSibling()) break
        cursor.gotoParent()
        next[parent] = types.length
        // A block of the grammar includes the comments behind it; a node ends where its last token does.
        end[parent] = end[types.length - 1] ?? 0
        parent = this.#parents[parent] ?? -1
      }
    }
  }

  type(node: number): string {
    return this.grammar.names[this.types[node] ?? errorType] ?? 'ERROR'
  }

  startOf(node: number): number {
    return this.start[node] ?? 0
  }

  endOf(node: number): number {
    return this.end[node] ?? 0
  }

  nextOf(node: number): number {
    return this.next[node] ?? node + 1
  }

  slice(node: number): string {
    return this.text.slice(this.start[node], this.end[node])
  }

  /** The children that are no error; an error shows in `isBroken` and `isTorn`. */
  children(node: number): number[] {
    const children = []
    const end = this.nextOf(node)
    for (let child = node + 1; child < end; child = this.nextOf(child)) {
      if (this.#broken.size === 0 || this.type(child) !== 'ERROR') children.push(child)
    }
    return children
  }

  /** The first child of one of these types. */
  find(node: number, ...types: string[]): number | undefined {
    return this.children(node).find(child => types.includes(this.type(child)))
  }

  isBroken(node: number): boolean {
    return this.#broken.size > 0 && this.#broken.has(node)
  }

  isTorn(node: number): boolean {
    return this.#torn.size > 0 && this.#torn.has(node)
  }

  /** What contains `node` cannot be trusted. */
  markBroken(node: number): void {
    for (let at = node; at >= 0 && !this.#broken.has(at); at = this.#parents[at] ?? -1) this.#broken.add(at)
  }

  errorExpression(node: number): ErrorExpression {
    this.markBroken(node)
    return { kind: 'ErrorExpression', start: this.startOf(node), end: this.endOf(node), parent: undefined }
  }

  errorStatement(node: number): ErrorStatement {
    this.markBroken(node)
    return { kind: 'ErrorStatement', start: this.startOf(node), end: this.endOf(node), parent: undefined, broken: true }
  }
}

/** Parses `disguised` by itself; it stands for the part of `text` at `offset` of the same length. */
export type Isolate = (text: string, disguised: string, offset: number) => Concrete

/** Makes a node of the typed tree of the concrete node `node`. */
export type Lower<T> = (concrete: Concrete, node: number) => T

/** What the grammar's numbers mean. */
export interface Grammar {
  readonly names: readonly string[]
  readonly shapes: readonly Shape[]
  readonly expressions: readonly (Lower<Expression> | undefined)[]
  readonly statements: readonly (Lower<Statement> | undefined)[]
}

/** `token`: as long as its name. `leaf`: what it contains is of no interest. */
type Shape = 'inner' | 'leaf' | 'token' | 'comment' | 'nothing'

/** The number of `ERROR`, which no grammar lists. */
const errorType = 0xffff

const leaves = new Set([
  'identifier',
  'integer',
  'float',
  'string_start',
  'string_content',
  'string_end',
  'escape_sequence',
])
const leavesToo = ['true', 'false', 'none', 'ellipsis', 'type_conversion', 'import_prefix']
for (const leaf of [...leavesToo, 'not in', 'is not']) leaves.add(leaf)

export function readGrammar(
  language: Language,
  expressions: Readonly<Record<string, Lower<Expression>>>,
  statements: Readonly<Record<string, Lower<Statement>>>,
): Grammar {
  const names = Array.from({ length: language.nodeTypeCount }, (_, type) => language.nodeTypeForId(type) ?? '')
  const byName = <T>(table: Readonly<Record<string, T>>) =>
    names.map((name, type) => (language.nodeTypeIsNamed(type) && Object.hasOwn(table, name) ? table[name] : undefined))
  return {
    names,
    shapes: names.map((name, type) => {
      if (name === 'comment') return 'comment'
      if (name === 'line_continuation') return 'nothing'
      if (leaves.has(name)) return 'leaf'
      return language.nodeTypeIsNamed(type) ? 'inner' : 'token'
    }),
    expressions: byName(expressions),
    statements: byName(statements),
  }
}
