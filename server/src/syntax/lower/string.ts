/** The text that the inside of a string literal stands for. Line breaks count as `\n`, as Python reads them. */
export function decodeString(content: string, isRaw: boolean): string {
  const text = content.includes('\r') ? content.replace(/\r\n?/g, '\n') : content
  if (isRaw || !text.includes('\\')) return text
  return text.replace(escapes, decodeEscape)
}

const escapes = /\\(?:\n|[0-7]{1,3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|N\{[^}]+\}|[\\'"abfnrtv])/g

const letters: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

function decodeEscape(sequence: string): string {
  const kind = sequence.charAt(1)
  const letter = letters[kind]
  if (letter !== undefined) return letter
  // The names of characters are a table of a megabyte: a character that stands for all of them does here.
  if (kind === 'N') return '\ufffd'
  const code = /[0-7]/.test(kind) ? Number.parseInt(sequence.slice(1), 8) : Number.parseInt(sequence.slice(2), 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}
