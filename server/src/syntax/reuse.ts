import { shift } from './node.ts'
import type { Outline, Piece, Reuse } from './pieces.ts'
import type { Unchanged } from './unchanged.ts'
import { walk } from './walk.ts'

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
    piece.isMisplaced === outline.isMisplaced &&
    !piece.hasError &&
    !outline.hasError
  )
}

function moved(piece: Piece, outline: Outline, distance: number): Piece {
  if (distance === 0) return piece
  if (piece.statement) walk(piece.statement, node => shift(node, distance))
  const comments = piece.comments.map(({ start, end }) => ({ start: start + distance, end: end + distance }))
  return { ...outline, statement: piece.statement, comments }
}
