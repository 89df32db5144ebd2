/** Where the command line writes. The host hands one in; nothing else here touches the process. */
import { styleText } from 'node:util'

export interface Terminal {
  readonly colors: boolean
  /** To standard output: what was asked for. */
  print(text: string | Uint8Array): void
  /** To standard error: what is in the way of it. */
  complain(text: string): void
  /** Where a person watches: a line that stands until something is printed, or the next one takes its place. */
  progress?(line: string): void
}

export type Style = Parameters<typeof styleText>[0]
export type Paint = (style: Style, text: string) => string

export function painter({ colors }: Terminal): Paint {
  return (style, text) => (colors ? styleText(style, text, { validateStream: false }) : text)
}

/**
 * A line of somebody's code must not move the cursor, ring the bell or reverse the reading direction: tabs become four
 * spaces, other controls a visible sign.
 */
export function printable(line: string): string {
  return line.replace(controls, character => {
    if (character === '\t') return '    '
    return character < ' ' ? String.fromCharCode(0x2400 + character.charCodeAt(0)) : '\ufffd'
  })
}

const controls = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
