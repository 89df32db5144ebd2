import type { Tree, TreeCursor } from 'web-tree-sitter'
import { adopt } from './adopt.ts'
import type { Comment, Statement } from './ast.ts'
import { Concrete } from './concrete.ts'
import { lowerStatement } from './lower/dispatch.ts'
import type { Python } from './python.ts'
import { isMisplaced, markUnsound } from './unsound.ts'

/** A child of the concrete tree's root, and what was made of it. */
export interface Piece extends Outline {
  /** There is none for a comment. */
  readonly statement: Statement | undefined
  readonly comments: readonly Comment[]
}

/** What shows, without a look inside, whether a child of the root is as it was. */
export interface Outline {
  readonly type: number
  readonly start: number
  readonly end: number
  readonly hasError: boolean
  readonly isMisplaced: boolean
}

/** The piece of the version before that can stand for what there is now. */
export type Reuse = (outline: Outline) => Piece | undefined

export function readPieces(python: Python, text: string, tree: Tree, reuse: Reuse): Piece[] {
  const pieces: Piece[] = []
  const root = tree.rootNode
  const cursor = tree.walk()
  // There is no module if the grammar found no way to read it as one.
  if (root.isError || cursor.gotoFirstChild()) {
    do {
      const hasError = root.hasError && cursor.currentNode.hasError
      const outline = outlineOf(python, text, cursor, hasError, pieces.at(-1))
      pieces.push(reuse(outline) ?? readPiece(python, text, cursor, outline))
    } while (cursor.gotoNextSibling())
  }
  cursor.delete()
  return pieces
}

function outlineOf(
  python: Python,
  text: string,
  cursor: TreeCursor,
  hasError: boolean,
  before: Piece | undefined,
): Outline {
  const start = cursor.startIndex
  const isBehindSemicolon = before !== undefined && python.grammar.names[before.type] === ';'
  const isMisplacedHere = isMisplaced(text, start, '', isBehindSemicolon)
  return { type: cursor.nodeTypeId, start, end: cursor.endIndex, hasError, isMisplaced: isMisplacedHere }
}

function readPiece(python: Python, text: string, cursor: TreeCursor, outline: Outline): Piece {
  const concrete = new Concrete(python.grammar, text, python.isolate)
  concrete.read(cursor, outline.hasError, 0)
  const { comments } = concrete
  // A comment, or the semicolon between two statements.
  if (concrete.size === 0 || concrete.type(0) === ';') return { ...outline, statement: undefined, comments }
  markUnsound(concrete)
  if (outline.isMisplaced) concrete.markBroken(0)
  const statement = lowerStatement(concrete, 0)
  adopt(statement)
  return { ...outline, statement, comments }
}
