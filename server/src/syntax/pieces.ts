import type { Tree, TreeCursor } from 'web-tree-sitter'
import { adopt } from './adopt.ts'
import type { Comment, Statement } from './ast.ts'
import { Concrete } from './concrete.ts'
import { lowerStatement } from './lower/dispatch.ts'
import { shift } from './node.ts'
import type { Python } from './python.ts'
import type { Unchanged } from './unchanged.ts'
import { indentation, markUnsound } from './unsound.ts'

/** A child of the concrete tree's root, and what was made of it. */
export interface Piece extends Outline {
  /** There is none for a comment. */
  readonly statement: Statement | undefined
  readonly comments: readonly Comment[]
}

/** What shows, without a look inside, whether a child of the root is as it was. */
interface Outline {
  readonly type: number
  readonly start: number
  readonly end: number
  readonly hasError: boolean
  readonly isIndented: boolean
}

type Reuse = (outline: Outline) => Piece | undefined

export function readPieces(python: Python, text: string, tree: Tree, reuse: Reuse | undefined): Piece[] {
  const pieces: Piece[] = []
  const root = tree.rootNode
  const cursor = tree.walk()
  if (root.isError) pieces.push(readPiece(python, text, cursor, outlineOf(text, cursor, true)))
  else if (cursor.gotoFirstChild()) {
    do {
      const outline = outlineOf(text, cursor, root.hasError && cursor.currentNode.hasError)
      pieces.push(reuse?.(outline) ?? readPiece(python, text, cursor, outline))
    } while (cursor.gotoNextSibling())
  }
  cursor.delete()
  return pieces
}

function outlineOf(text: string, cursor: TreeCursor, hasError: boolean): Outline {
  const start = cursor.startIndex
  return { type: cursor.nodeTypeId, start, end: cursor.endIndex, hasError, isIndented: !!indentation(text, start) }
}

function readPiece(python: Python, text: string, cursor: TreeCursor, outline: Outline): Piece {
  const concrete = new Concrete(python.grammar, text, python.isolate)
  concrete.read(cursor, outline.hasError, 0)
  const { comments } = concrete
  // A comment, or the semicolon between two statements.
  if (concrete.size === 0 || concrete.type(0) === ';') return { ...outline, statement: undefined, comments }
  markUnsound(concrete)
  if (outline.isIndented) concrete.markBroken(0)
  const statement = lowerStatement(concrete, 0)
  adopt(statement)
  return { ...outline, statement, comments }
}

/**
 * Finds what stands outside of a change, and moves it to where it is now. The same kind of node over the same
 * characters is the same tree, if the parser had no errors to recover from.
 */
export function reusePieces(
  previous: readonly Piece[],
  { prefix, suffix }: Unchanged,
  before: number,
  after: number,
): Reuse {
  const byStart = new Map(previous.map(piece => [piece.start, piece]))
  return outline => {
    const isBehind = outline.start >= after - suffix
    if (!isBehind && outline.end > prefix) return undefined
    const distance = isBehind ? after - before : 0
    const piece = byStart.get(outline.start - distance)
    return piece && isSame(piece, outline) ? moved(piece, outline, distance) : undefined
  }
}

function isSame(piece: Piece, outline: Outline): boolean {
  return (
    piece.type === outline.type &&
    piece.end - piece.start === outline.end - outline.start &&
    piece.isIndented === outline.isIndented &&
    !piece.hasError &&
    !outline.hasError
  )
}

function moved(piece: Piece, outline: Outline, distance: number): Piece {
  if (distance === 0) return piece
  if (piece.statement) shift(piece.statement, distance)
  const comments = piece.comments.map(({ start, end }) => ({ start: start + distance, end: end + distance }))
  return { ...outline, statement: piece.statement, comments }
}
