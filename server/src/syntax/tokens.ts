/**
 * What decides how far a statement goes: strings, comments and joined lines as a whole, and quotes, brackets, colons and
 * line ends. The last one is the end of the text.
 */
export const tokens = /("""|''').*?\1|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*|\\\r?\n|[([{)\]}:'"\n]|$/gs

export function isOpening(token: string): boolean {
  return token === '(' || token === '[' || token === '{'
}

export function isClosing(token: string): boolean {
  return token === ')' || token === ']' || token === '}'
}
