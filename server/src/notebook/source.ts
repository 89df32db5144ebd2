/** The source of a cell as JSON, written the way that it was. */
import type { Node } from 'jsonc-parser'

/** A string stays a string, a list of lines such a list, and each line that it had already stays as it was written. */
export function withSource(file: string, source: Node, text: string): string {
  const written = file.slice(source.offset, source.offset + source.length)
  const quote = /^[\0-\x7f]*$/.test(written) && /\\u(?!00[0-7])/i.test(written) ? quoteInAscii : JSON.stringify
  if (source.type === 'string') return quote(text)
  const items = source.children ?? []
  const known = new Map(items.map(({ value, offset, length }) => [value, file.slice(offset, offset + length)]))
  const lines = text.match(/[^\n]*\n|[^\n]+/g) ?? []
  const { open, between, close } = spaces(file, source, items)
  return `[${open}${lines.map(line => known.get(line) ?? quote(line)).join(between)}${close}]`
}

/** How the items of a list are set apart. */
function spaces(file: string, list: Node, items: readonly Node[]) {
  const endOf = ({ offset, length }: Node) => offset + length
  const [first, second] = items
  const last = items.at(-1)
  const open = first ? file.slice(list.offset + 1, first.offset) : ''
  return {
    open,
    between: first && second ? file.slice(endOf(first), second.offset) : `,${open || ' '}`,
    close: last ? file.slice(endOf(last), endOf(list) - 1) : '',
  }
}

function quoteInAscii(text: string): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(text).replace(/[^\0-\x7f]/g, escaped)
}
