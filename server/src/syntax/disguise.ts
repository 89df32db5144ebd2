/**
 * What tree-sitter is given to read in place of the text: as long as the text, so that every position holds for both,
 * and without the characters that it does not understand. Names and literals are read from the text itself.
 */
export function disguise(text: string): string {
  return unreadable.test(text) ? text.replace(everyUnreadable, character => (character === '\r' ? '\n' : '?')) : text
}

/** A lone carriage return ends a line. A null character ends the text to tree-sitter; a question mark is an error alone. */
const unreadable = /\r(?!\n)|\0/
const everyUnreadable = new RegExp(unreadable, 'g')

/**
 * The same for what Python allows and the grammar does not: `x, *[y]` (a star before a bracket, which is a sign in
 * disguise), and defaults of type parameters (a bound). It is only worth its time where there are errors.
 */
export function disguiseFully(text: string): string {
  return disguise(text)
    .replace(starredBracket, (_, before: string) => `${before}~`)
    .replace(typeParameters, brackets => brackets.replace(/=(?!=)/g, ':'))
}

const starredBracket = /((?:[,[=]|\b(?:return|yield|in))\s*)\*(?=\s*[([{'"])/g
const typeParameters =
  /^[ \t]*(?:async[ \t]+def|def|class|type)[ \t]+\w+[ \t]*\[(?:[^[\]]|\[(?:[^[\]]|\[[^[\]]*\])*\])*\]/gm
