import { mend } from './mend.ts'
import { isClosing, isOpening, tokens } from './tokens.ts'

/**
 * What tree-sitter is given to read in place of the text: as long as the text, so that every position holds for both,
 * and without the characters that it does not understand. Names and literals are read from the text itself.
 */
export function disguise(text: string): string {
  const readable = unreadable.test(text) ? text.replace(everyUnreadable, replacement) : text
  return isDeep(readable) ? hideDeepBrackets(readable) : readable
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

/** Thousands of open brackets overflow the stack of tree-sitter, which does not notice. CPython allows as many as here. */
const maximumBrackets = 200

/** Quick, and wrong where strings contain brackets. */
function isDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 40 || character === 91 || character === 123) {
      if (++depth > maximumBrackets) return true
    } else if ((character === 41 || character === 93 || character === 125) && depth > 0) depth--
  }
  return false
}

function hideDeepBrackets(text: string): string {
  let depth = 0
  return text.replace(tokens, token => {
    if (isOpening(token)) return ++depth > maximumBrackets ? '?' : token
    if (isClosing(token) && depth > 0) return depth-- > maximumBrackets ? '?' : token
    return token
  })
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
