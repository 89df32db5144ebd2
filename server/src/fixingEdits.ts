/** All safe fixes as edits of the text that they began with: what several rounds did to it, each of which saw another text. */
import { fixRepeatedly } from './fix.ts'
import type { Edit } from './rules/rule.ts'

interface Fixable {
  readonly fix: { readonly safe: boolean; readonly edits: readonly Edit[] } | undefined
}

/** In source order, without overlap. */
export function fixingEdits<F extends Fixable>(text: string, analyze: (text: string) => readonly F[]): readonly Edit[] {
  const textOf = (pieces: Pieces) =>
    pieces.map(piece => ('text' in piece ? piece.text : text.slice(piece.start, piece.end))).join('')
  const { text: pieces } = fixRepeatedly<Pieces, F>(
    [{ start: 0, end: text.length }],
    pieces => analyze(textOf(pieces)),
    (pieces, edits) => edits.toReversed().reduce(cut, pieces),
  )
  return editsOf(pieces, text.length)
}

/** A text, as stretches of the first one and what was put in between. */
type Pieces = readonly Piece[]
type Piece = { readonly start: number; readonly end: number } | { readonly text: string }

function cut(pieces: Pieces, edit: Edit): Pieces {
  const before: Piece[] = []
  const after: Piece[] = []
  let position = 0
  for (const piece of pieces) {
    const end = position + ('text' in piece ? piece.text.length : piece.end - piece.start)
    if (position < edit.start) before.push(part(piece, 0, Math.min(end, edit.start) - position))
    if (end > edit.end) after.push(part(piece, Math.max(position, edit.end) - position, end - position))
    position = end
  }
  return [...before, { text: edit.text }, ...after]
}

function part(piece: Piece, from: number, to: number): Piece {
  return 'text' in piece ? { text: piece.text.slice(from, to) } : { start: piece.start + from, end: piece.start + to }
}

/** The gaps between what has stayed. */
function editsOf(pieces: Pieces, length: number): readonly Edit[] {
  const edits: Edit[] = []
  let position = 0
  let text = ''
  for (const piece of [...pieces, { start: length, end: length }]) {
    if ('text' in piece) text += piece.text
    else {
      if (text !== '' || piece.start > position) edits.push({ start: position, end: piece.start, text })
      position = piece.end
      text = ''
    }
  }
  return edits
}
