/** `--format json`: one array that other programs read. docs/json.md promises its form. */
import type { Finding } from '../analysis.ts'
import { inLanguage, type Language, titleIn } from '../language.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import type { CheckedFile, Output } from './check.ts'
import { fixedLine } from './fixedLine.ts'
import type { Terminal } from './terminal.ts'

export function jsonOutput(terminal: Terminal, language: Language): Output {
  const entries: object[] = []
  return {
    file(file) {
      for (const fixed of file.fixed) terminal.complain(fixedLine(file.name, fixed, language))
      entries.push(...entriesOf(file, language))
    },
    end: () => terminal.print(`${JSON.stringify(entries, null, 2)}\n`),
  }
}

function entriesOf({ name, text, findings }: CheckedFile, language: Language): readonly object[] {
  const starts = lineStarts(text)
  const position = (offset: number) => {
    const line = lineAt(starts, offset)
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
  return findings.map(({ rule, severity, message, start, end, fix }) => ({
    file: name,
    rule,
    level: severity,
    message: inLanguage(message, language),
    start: position(start),
    end: position(end),
    ...(fix && { fix: fixEntry(fix, language) }),
  }))
}

function fixEntry({ title, safe, edits }: NonNullable<Finding['fix']>, language: Language): object {
  return {
    title: titleIn(title, language),
    safe,
    edits: edits.map(({ start, end, text }) => ({ start, end, text })),
  }
}
