import type { Concrete } from './concrete.ts'
import { isClosing, isOpening } from './tokens.ts'

/**
 * Marks what the grammar lets pass and Python does not, as it comes up while somebody types: a statement that goes on
 * in the next line without a bracket or a backslash (`opt.`, `x =`), a block without statements, and a statement that
 * is indented unlike the one before it, or stands behind it in the same line.
 */
export function markUnsound(concrete: Concrete): void {
  let brackets = 0
  let end = 0
  let mayBeginLine = true
  for (let node = 0; node < concrete.size; node++) {
    const type = concrete.type(node)
    if (concrete.statementLowering(node) || clauses.has(type)) {
      brackets = 0
      mayBeginLine = true
    } else if (type === 'block') {
      checkBlock(concrete, node)
    }
    if (concrete.nextOf(node) > node + 1) continue
    const start = concrete.startOf(node)
    if (!mayBeginLine && brackets === 0 && breaksLine(concrete.text, end, start)) tearStatement(concrete, node)
    if (isOpening(type)) brackets++
    else if (isClosing(type)) brackets--
    mayBeginLine = false
    end = concrete.endOf(node)
  }
}

/** What begins a line and is no statement by itself. */
const clauses: ReadonlySet<string> = new Set([
  'elif_clause',
  'else_clause',
  'except_clause',
  'finally_clause',
  'case_clause',
  'decorator',
])

function checkBlock(concrete: Concrete, block: number): void {
  const [first, ...others] = concrete.children(block)
  if (first === undefined) concrete.markBroken(block)
  let before = first ?? block
  const expected = indentation(concrete.text, concrete.startOf(before))
  for (const other of others) {
    const isBehindSemicolon = concrete.type(before) === ';'
    if (isMisplaced(concrete.text, concrete.startOf(other), expected, isBehindSemicolon)) concrete.markBroken(other)
    before = other
  }
}

/** Whether a statement neither begins its line, in the column of its block, nor stands behind a semicolon. */
export function isMisplaced(
  text: string,
  start: number,
  expected: string | undefined,
  isBehindSemicolon: boolean,
): boolean {
  const actual = indentation(text, start)
  return actual === undefined ? !isBehindSemicolon && text[start] !== ';' : actual !== expected
}

/** The white space before a statement; `undefined` if the statement does not begin its line. */
function indentation(text: string, start: number): string | undefined {
  let lineStart = start
  while (lineStart > 0 && /[ \t\f\ufeff]/.test(text.charAt(lineStart - 1))) lineStart--
  const isFirst = lineStart === 0 || /[\r\n]/.test(text.charAt(lineStart - 1))
  // To Python a line begins anew at a form feed, and a byte order mark is not there.
  return isFirst ? text.slice(lineStart, start).replace(/^.*[\f\ufeff]/, '') : undefined
}

/** Whether a line ends between two tokens, but for a backslash. */
function breaksLine(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const character = text.charCodeAt(at)
    if (character === backslash)
      at += text.charCodeAt(at + 1) === carriageReturn && text.charCodeAt(at + 2) === lineFeed ? 2 : 1
    else if (character === lineFeed || character === carriageReturn) return true
  }
  return false
}

const backslash = '\\'.charCodeAt(0)
const carriageReturn = '\r'.charCodeAt(0)
const lineFeed = '\n'.charCodeAt(0)

function tearStatement(concrete: Concrete, node: number): void {
  let part = node
  while (concrete.parentOf(part) >= 0 && !concrete.statementLowering(concrete.parentOf(part)))
    part = concrete.parentOf(part)
  concrete.tear(part)
}
