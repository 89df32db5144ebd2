/** `--format github`: workflow commands, which GitHub Actions shows at the lines of a pull request. */

import { cellName } from '../checking/notebook.ts'
import { inLanguage, type Language } from '../language.ts'
import type { Output } from './check.ts'
import { regionsIn } from './positions.ts'
import type { Terminal } from './terminal.ts'

export function githubOutput(terminal: Terminal, language: Language): Output {
  return {
    file({ name, cell, text, findings }) {
      const regionOf = regionsIn(text)
      for (const finding of findings) {
        const { startLine, startColumn, endLine, endColumn } = regionOf(finding)
        // The lines of a cell are none of the notebook's file, and GitHub shows columns only where a finding is on one line.
        const columns = startLine === endLine ? `,col=${startColumn},endColumn=${endColumn}` : ''
        const title = `TorchLint (${finding.rule})`
        const lines = cell === undefined ? `,line=${startLine},endLine=${endLine}${columns}` : ''
        const place = `file=${property(name)}${lines}`
        const message = `${cellName(name, cell)}:${startLine}:${startColumn}: ${inLanguage(finding.message, language)}`
        terminal.print(`::${commands[finding.severity]} title=${property(title)},${place}::${data(message)}\n`)
      }
    },
    end: () => {},
  }
}

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
