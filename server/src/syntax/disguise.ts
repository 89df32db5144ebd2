import { mend } from './mend.ts'

/**
 * What tree-sitter is given to read in place of the text: as long as the text, so that every position holds for both,
 * and without the characters that it does not understand. Names and literals are read from the text itself.
 */
export function disguise(text: string): string {
  return unreadable.test(text) ? text.replace(everyUnreadable, replacement) : text
}

/**
 * A lone carriage return, which ends a line, and everything else outside of these ranges: controls (a null character
 * would end the text to tree-sitter), and what is a space to Unicode and an error to Python.
 */
const unreadable =
  /\r(?!\n)|[^\t\n\f\r -~\xa1-\xac\xae-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ufefe\uff00-\uffff]/
const everyUnreadable = new RegExp(unreadable, 'g')

function replacement(character: string, offset: number): string {
  if (character === '\r') return '\n'
  const isByteOrderMark = character === '\ufeff' && offset === 0
  return isByteOrderMark ? character : '?'
}

/**
 * The same for a text with errors: what Python allows and the grammar does not, `x, *[y]` (a star before a bracket, which
 * becomes a sign) and defaults of type parameters (which become bounds), and what nobody allows.
 */
export function disguiseErrors(disguised: string): string {
  return mend(disguised)
    .replace(starredBracket, (_, before: string) => `${before}~`)
    .replace(typeParameters, brackets => brackets.replace(/=(?!=)/g, ':'))
}

const starredBracket = /((?:[,[=]|\b(?:return|yield|in))\s*)\*(?=\s*[([{'"])/g
const typeParameters =
  /^[ \t]*(?:async[ \t]+def|def|class|type)[ \t]+\w+[ \t]*\[(?:[^[\]]|\[(?:[^[\]]|\[[^[\]]*\])*\])*\]/gm
