/**
 * Python source files as text, and back. The encoding is what a byte order mark says, else the comment of PEP 263
 * (`# -*- coding: gbk -*-`), else UTF-8. Whatever was not edited goes back to the disk byte for byte.
 */
import { TextDecoder } from 'node:util'
import { isProblem, type Problem, problem } from './problem.ts'

export interface SourceText {
  /** Without the byte order mark. */
  readonly text: string
  /** The bytes of an edited text in the file's encoding. */
  encode(text: string): Uint8Array | Problem
}

export function decode(bytes: Uint8Array): SourceText | Problem {
  const mark = marks.find(({ bytes: start }) => start.every((byte, index) => bytes[index] === byte))
  if (!mark && bytes.includes(0)) return binary
  const name = mark?.encoding ?? declaredEncoding(bytes)
  const body = bytes.subarray(mark?.bytes.length ?? 0)
  const source = codec(name ?? 'utf-8')(body)
  if (name === undefined && isProblem(source)) return undeclared
  if (isProblem(source) || !mark) return source
  if (source.text.includes('\0')) return binary
  return { text: source.text, encode: text => withMark(mark.bytes, source.encode(text)) }
}

const binary = problem('this is a binary file, not Python', '这是二进制文件，不是 Python 代码')

/** Python refuses it too. */
const undeclared = problem(
  'it is not valid utf-8; another encoding is named in the first line: # -*- coding: gbk -*-',
  '内容不是有效的 utf-8；其他编码要在第一行写明：# -*- coding: gbk -*-',
)

const marks = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
] as const

function withMark(mark: readonly number[], encoded: Uint8Array | Problem): Uint8Array | Problem {
  return isProblem(encoded) ? encoded : Buffer.concat([Uint8Array.from(mark), encoded])
}

/** PEP 263: in the first line, or in the second one behind nothing but a comment. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 1000)).toString('latin1')
  const [first = '', second = ''] = head.split(/\r\n|\r|\n/, 2)
  const name = declaration.exec(first)?.[1] ?? (onlyComment.test(first) ? declaration.exec(second)?.[1] : undefined)
  return name?.toLowerCase().replaceAll('_', '-').replace(flavour, '$1')
}

const declaration = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/
/** As Python does: Emacs writes `utf-8-unix`. */
const flavour = /^(utf-8|latin-1|iso-8859-1)-.*/
const onlyComment = /^[ \t\f]*(?:#|$)/

type Codec = (bytes: Uint8Array) => SourceText | Problem

function codec(name: string): Codec {
  if (latin1Names.test(name)) return latin1
  const label = webNames[name] ?? name
  const decoder = strictDecoder(label)
  if (!decoder) return () => problem(`its encoding ${name} is not known`, `不支持其编码 ${name}`)
  return bytes => {
    try {
      const text = decoder.decode(bytes)
      return { text, encode: encoders[decoder.encoding] ?? (edited => encodeAlike(edited, bytes, text, label)) }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      return problem(`it is not valid ${name}`, `内容不是有效的 ${name}`)
    }
  }
}

/** Python's Latin-1 is bytes as code points; the web's is Windows-1252, which differs in 27 characters. */
function latin1(bytes: Uint8Array): SourceText {
  return {
    text: Buffer.from(bytes).toString('latin1'),
    encode: text => (/^[\0-\xff]*$/.test(text) ? Buffer.from(text, 'latin1') : notWritable('latin-1')),
  }
}

const latin1Names = /^(latin-?1|iso-?8859-1|iso-latin-1|l1|8859|cp819)$/

/** Python's names that the web's encoding standard has under another one. */
const webNames: Readonly<Record<string, string>> = {
  ascii: 'utf-8',
  'us-ascii': 'utf-8',
  u8: 'utf-8',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  'mac-roman': 'macintosh',
}

const encoders: Readonly<Record<string, SourceText['encode']>> = {
  'utf-8': text => Buffer.from(text),
  'utf-16le': text => Buffer.from(text, 'utf16le'),
  'utf-16be': text => Buffer.from(text, 'utf16le').swap16(),
}

function strictDecoder(label: string): TextDecoder | undefined {
  for (const candidate of [label, label.replaceAll('-', '_')])
    try {
      return new TextDecoder(candidate, { fatal: true, ignoreBOM: true })
    } catch {}
  return undefined
}

/**
 * The platform reads encodings such as GBK but writes none of them. The file itself says how its characters are
 * written, and Python demands of every encoding that ASCII stays ASCII: more is hardly ever needed.
 */
function encodeAlike(edited: string, bytes: Uint8Array, text: string, label: string): Uint8Array | Problem {
  const written = new Map<string, readonly number[]>()
  for (let code = 0; code < 128; code++) written.set(String.fromCharCode(code), [code])
  const decoder = new TextDecoder(label, { ignoreBOM: true })
  let pending: number[] = []
  for (const byte of bytes) {
    pending.push(byte)
    const character = decoder.decode(Uint8Array.of(byte), { stream: true })
    if (character === '') continue
    written.set(character, pending)
    pending = []
  }
  const encode = (characters: string) => Buffer.from(Array.from(characters, one => written.get(one) ?? []).flat())
  const isExact = encode(text).equals(bytes) && Array.from(edited).every(character => written.has(character))
  return isExact ? encode(edited) : notWritable(label)
}

function notWritable(encoding: string): Problem {
  return problem(
    `the fix cannot be written in the file's encoding ${encoding}`,
    `无法以文件的编码 ${encoding} 写入修复`,
  )
}
