/**
 * What a finding is known by when the lines around it move: its file, its rule and the code of its line. Where these are
 * the same, findings are told apart by their order.
 */
import { createHash } from 'node:crypto'
import type { Finding } from '../analysis.ts'
import { endOfLine, lineAt, lineStarts } from '../syntax/lines.ts'
import type { CheckedFile } from './check.ts'

/** The line on which each finding begins, with single spaces. */
export function codeOf(text: string, findings: readonly Finding[]): readonly string[] {
  const starts = lineStarts(text)
  return findings.map(({ start }) => {
    const begin = starts[lineAt(starts, start)] ?? 0
    return text.slice(begin, endOfLine(text, begin)).trim().replace(/\s+/g, ' ')
  })
}

/** Names for programs that compare one run with another: no two findings have the same. */
export function createFingerprints(): (file: CheckedFile) => readonly string[] {
  const counts = new Map<string, number>()
  return ({ name, text, findings }) =>
    codeOf(text, findings).map((code, index) => {
      const identity = JSON.stringify([name, findings[index]?.rule, code])
      const count = counts.get(identity) ?? 0
      counts.set(identity, count + 1)
      return createHash('sha256').update(`${identity} ${count}`).digest('hex')
    })
}
