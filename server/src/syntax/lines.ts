/** The lines of a text. `\n`, `\r\n` and a lone `\r` each end one, as in Python and in LSP. */

/** The offset at which each line starts; the first is 0. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (const { index, 0: lineBreak } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + lineBreak.length)
  return starts
}

/** The line that an offset stands in, counted from 0. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

export function startOfLine(text: string, offset: number): number {
  while (offset > 0 && !isLineBreak(text[offset - 1])) offset--
  return offset
}

/** The offset of the line break that ends the line, or of the end of the text. */
export function endOfLine(text: string, offset: number): number {
  while (offset < text.length && !isLineBreak(text[offset])) offset++
  return offset
}

/** The offset behind the line break at `offset`, if there is one. */
export function skipLineBreak(text: string, offset: number): number {
  if (text[offset] === '\r' && text[offset + 1] === '\n') return offset + 2
  return isLineBreak(text[offset]) ? offset + 1 : offset
}

function isLineBreak(character: string | undefined): boolean {
  return character === '\n' || character === '\r'
}
