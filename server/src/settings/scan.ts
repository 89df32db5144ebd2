/**
 * TOML that is still being written, read as far as it goes. A parser gives up at the first mistake; this one takes a new
 * line, a table's header or a `key =` for what they are, whatever has been left open above them.
 */
import type { Range } from '../analysis.ts'

/** A key, a part of a table's name or a simple value. */
export interface Word extends Range {
  readonly kind: WordKind
  /** The keys that lead to it from the top of the file. Of a key, or a part of a name, it is the last itself. */
  readonly path: readonly string[]
  /** Without its quotes. */
  readonly text: string
  readonly quote: '' | '"' | "'"
}

type WordKind = 'header' | 'key' | 'value'

export interface Place {
  readonly kind: WordKind
  /** The keys that lead to it, without a key that is being written here. */
  readonly path: readonly string[]
  readonly isInList: boolean
  /** What is already there of the word that is being written. */
  readonly word: Word | undefined
}

/** All words of a text, in order. */
export function wordsOf(text: string): readonly Word[] {
  return scan(text).words
}

/** What could be written at an offset; undefined where that is nothing, or a comment. */
export function placeAt(text: string, offset: number): Place | undefined {
  const { words, expected, path, isInList, isComment } = scan(text.slice(0, offset))
  const last = words.at(-1)
  const isWriting = last?.end === offset && !isClosed(last, text)
  if (isWriting) {
    const inner = last.kind === 'value' ? last.path : last.path.slice(0, -1)
    return { kind: last.kind, path: inner, isInList, word: last }
  }
  return expected === undefined || isComment ? undefined : { kind: expected, path, isInList, word: undefined }
}

function isClosed({ quote, start, end }: Word, text: string): boolean {
  return quote !== '' && end - start > 1 && text[end - 1] === quote
}

interface Scan {
  readonly words: readonly Word[]
  /** What may come next, and the keys that lead there. */
  readonly expected: WordKind | undefined
  readonly path: readonly string[]
  readonly isInList: boolean
  readonly isComment: boolean
}

interface Open {
  readonly bracket: '[' | '{'
  readonly path: readonly string[]
}

function scan(text: string): Scan {
  const words: Word[] = []
  let table: readonly string[] = []
  /** The lists and inline tables that are not closed yet. */
  let open: readonly Open[] = []
  let expected: WordKind | undefined = 'key'
  /** What the last word is a part of. */
  let reading: WordKind = 'key'
  let path = table
  let last = ''
  /** The last one that is no white space, line break or comment. */
  let before = ''

  const read = (token: string, start: number): void => {
    if (expected === undefined) return
    const quote = /^["']/.exec(token)?.[0]
    const content = quote === undefined ? token : unquoted(token)
    if (expected !== 'value') path = [...path, content]
    reading = expected
    expected = undefined
    // A text of several lines is none of the names that are written here.
    if (/^(?:"""|''')/.test(token)) return
    words.push({ kind: reading, path, text: content, quote: asQuote(quote), start, end: start + token.length })
  }
  const startLine = (rest: string): void => {
    if (reading === 'header') table = path
    // What is open goes on, unless something stands here that it cannot hold.
    const mayHoldKey = open.at(-1)?.bracket === '{' && /^[{,]/.test(before)
    if (startsAnew.table.test(rest) || (!mayHoldKey && startsAnew.key.test(rest))) open = []
    if (open.length > 0) return
    expected = 'key'
    reading = 'key'
    path = table
  }
  const close = (bracket: Open['bracket']): void => {
    const index = open.findLastIndex(each => each.bracket === bracket)
    if (index >= 0) open = open.slice(0, index)
    expected = undefined
    reading = 'value'
  }
  const punctuation: Readonly<Record<string, () => void>> = {
    '[': () => {
      if (expected === 'value') open = [...open, { bracket: '[', path }]
      else if (expected === 'key' && open.length === 0) {
        expected = 'header'
        reading = 'header'
        path = []
      }
    },
    ']': () => {
      if (reading !== 'header') close('[')
      else {
        expected = undefined
        table = path
      }
    },
    '{': () => {
      if (expected !== 'value') return
      open = [...open, { bracket: '{', path }]
      expected = 'key'
    },
    '}': () => close('{'),
    '.': () => {
      if (reading !== 'value') expected = reading
    },
    '=': () => {
      if (reading !== 'key') return
      expected = 'value'
      reading = 'value'
    },
    ',': () => {
      const inner = open.at(-1)
      if (!inner) return
      expected = inner.bracket === '[' ? 'value' : 'key'
      reading = expected
      path = inner.path
    },
  }

  for (const { 0: token, index } of text.matchAll(tokens)) {
    last = token
    if (/^[\r\n]/.test(token)) startLine(text.slice(index + token.length, index + token.length + 200))
    else if (!/^[ \t#]/.test(token)) {
      before = token
      const act = punctuation[token]
      if (act) act()
      else read(token, index)
    }
  }
  return { words, expected, path, isInList: open.at(-1)?.bracket === '[', isComment: last.startsWith('#') }
}

/** A line break, white space, a comment, a text of several lines, a text, a bare word, a bracket or the like. */
const tokens =
  /\r\n|[\r\n]|[ \t]+|#[^\r\n]*|"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\[^\r\n]|[^"\\\r\n])*"?|'[^'\r\n]*'?|[^\s"'#=[\]{},.]+|[\s\S]/g

/** The line after something that was never closed. */
const startsAnew = {
  key: /^[ \t]*(?:[\w-]+|"[^"\r\n]*"|'[^'\r\n]*')(?:[ \t]*\.[ \t]*(?:[\w-]+|"[^"\r\n]*"|'[^'\r\n]*'))*[ \t]*=/,
  table: /^[ \t]*\[{1,2}[ \t]*[A-Za-z_][^,\r\n]*\]{1,2}[ \t]*(?:#.*)?(?:[\r\n]|$)/,
}

function asQuote(quote: string | undefined): Word['quote'] {
  return quote === '"' || quote === "'" ? quote : ''
}

function unquoted(token: string): string {
  const quote = token[0] ?? ''
  const isClosed = token.length > 1 && token.endsWith(quote)
  return token.slice(1, isClosed ? -1 : undefined)
}
