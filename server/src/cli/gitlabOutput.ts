/** `--format gitlab`: the Code Quality report that GitLab compares between the branches of a merge request. */

import { cellName } from '../checking/notebook.ts'
import { inLanguage, type Language } from '../language.ts'
import type { CheckedFile, Output } from './check.ts'
import { createFingerprints } from './identity.ts'
import { regionsIn } from './positions.ts'
import type { Terminal } from './terminal.ts'

export function gitlabOutput(terminal: Terminal, language: Language): Output {
  const entries: object[] = []
  const fingerprints = createFingerprints()
  return {
    file: file => void entries.push(...entriesOf(file, fingerprints(file), language)),
    end: () => terminal.print(`${JSON.stringify(entries, null, 2)}\n`),
  }
}

function entriesOf(
  { name, cell, text, findings }: CheckedFile,
  names: readonly string[],
  language: Language,
): readonly object[] {
  const regionOf = regionsIn(text)
  return findings.map((finding, index) => {
    const message = inLanguage(finding.message, language)
    // The lines of a cell are none of the notebook's file.
    const { startLine, startColumn, endLine, endColumn } = regionOf(cell === undefined ? finding : { start: 0, end: 0 })
    return {
      description: cell === undefined ? message : `${cellName(name, cell)}:${regionOf(finding).startLine}: ${message}`,
      check_name: finding.rule,
      fingerprint: names[index],
      severity: severities[finding.severity],
      location: {
        path: name,
        positions: {
          begin: { line: startLine, column: startColumn },
          end: { line: endLine, column: endColumn },
        },
      },
    }
  })
}

const severities = { error: 'critical', warning: 'major', info: 'info' } as const
