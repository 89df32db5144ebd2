/** `--format json`: one array that other programs read. docs/json.md promises its form. */
import type { Finding } from '../analysis.ts'
import { partOf } from '../checking/notebook.ts'
import { inLanguage, type Language, titleIn } from '../language.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import type { CheckedFile, Output } from './check.ts'
import type { Terminal } from './terminal.ts'

export function jsonOutput(terminal: Terminal, language: Language): Output {
  const entries: object[] = []
  return {
    file: file => void entries.push(...entriesOf(file, language)),
    end: () => terminal.print(`${JSON.stringify(entries, null, 2)}\n`),
  }
}

function entriesOf({ name, cell, text, findings }: CheckedFile, language: Language): readonly object[] {
  const starts = lineStarts(text)
  const position = (offset: number) => {
    const line = lineAt(starts, offset)
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
  return findings.map(({ rule, severity, message, start, end, fix }) => ({
    file: name,
    ...(cell !== undefined && { cell }),
    rule,
    level: severity,
    message: inLanguage(message, language),
    start: position(start),
    end: position(end),
    ...(fix && { fix: fixEntry(fix, cell, language) }),
  }))
}

type Fix = NonNullable<Finding['fix']>

function fixEntry({ title, safe, edits, others = [] }: Fix, cell: number | undefined, language: Language): object {
  const inOthers = others.flatMap(({ path, edits }) => edits.map(edit => editEntry(edit, partOf(path).cell)))
  return {
    title: titleIn(title, language),
    safe,
    edits: [...inOthers, ...edits.map(edit => editEntry(edit, cell))],
  }
}

function editEntry({ start, end, text }: Fix['edits'][number], cell: number | undefined): object {
  return { ...(cell !== undefined && { cell }), start, end, text }
}
