/** Findings as text, for pinned blocks and for messages of failed tests. */
import type { Finding, Range, RelatedPlace } from '../../server/src/analysis.ts'
import { lineAt, lineStarts } from '../../server/src/syntax/lines.ts'

/** The findings with every word that a user may see, as `diagnostics` blocks of fixtures hold them. */
export function render(text: string, findings: readonly Finding[]): string {
  return findings.map(finding => renderFinding(text, finding)).join('')
}

function renderFinding(text: string, { rule, severity, message, related, fix, ...range }: Finding): string {
  const lines = [`${place(text, range)} ${severity} ${rule}`, `  en: ${message.en}`, `  zh: ${message.zh}`]
  for (const other of related)
    lines.push(`  ${otherPlace(text, other)}`, `    en: ${other.message.en}`, `    zh: ${other.message.zh}`)
  if (fix) lines.push(`  fix: ${fix.safe ? 'safe' : 'offer'}`, `    en: ${fix.title.en}`, `    zh: ${fix.title.zh}`)
  return lines.map(line => `${line}\n`).join('')
}

/** `engine.py:12:9-12:40` in another file. */
function otherPlace(text: string, { file, ...range }: RelatedPlace): string {
  return file ? `${file.path.replace(/^\/\d+\//, '')}:${place(file.text, range)}` : place(text, range)
}

/** `12:9-12:40`, lines and columns from 1. */
function place(text: string, { start, end }: Range): string {
  const starts = lineStarts(text)
  return [start, end].map(offset => `${lineAt(starts, offset) + 1}:${column(starts, offset)}`).join('-')
}

function column(starts: readonly number[], offset: number): number {
  return offset - (starts[lineAt(starts, offset)] ?? 0) + 1
}

/** The line of a finding, from 1. */
export function lineOf(text: string, { start }: Range): number {
  return lineAt(lineStarts(text), start) + 1
}
