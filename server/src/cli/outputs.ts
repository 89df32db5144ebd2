/** The form in which a check reports, by its name. */

import { cellName } from '../checking/notebook.ts'
import type { Language } from '../language.ts'
import type { CheckedFile, Output } from './check.ts'
import { diffOutput } from './diffOutput.ts'
import { fixedLine } from './fixedLine.ts'
import { githubOutput } from './githubOutput.ts'
import { gitlabOutput } from './gitlabOutput.ts'
import { jsonOutput } from './jsonOutput.ts'
import { junitOutput } from './junitOutput.ts'
import { sarifOutput } from './sarifOutput.ts'
import { statisticsOutput } from './statisticsOutput.ts'
import type { Terminal } from './terminal.ts'
import { textOutput } from './textOutput.ts'

export const formats = ['text', 'json', 'sarif', 'github', 'gitlab', 'junit'] as const

export type Format = (typeof formats)[number]

export interface OutputOptions {
  readonly format: Format
  /** Nothing is shown. */
  readonly silent: boolean
  readonly diff: boolean
  readonly statistics: boolean
  readonly language: Language
  readonly version: string
  readonly workingDirectory: string
}

export function createOutput(terminal: Terminal, options: OutputOptions): Output {
  const { format, language } = options
  if (options.silent) return { file: () => {}, end: () => {} }
  if (options.diff) return diffOutput(terminal)
  if (options.statistics) {
    const form = format === 'json' ? 'json' : 'text'
    return tellingFixes(statisticsOutput(terminal, language, form), terminal, language)
  }
  if (format === 'text') return textOutput(terminal, language)
  return tellingFixes(outputs[format](terminal, options), terminal, language)
}

const outputs: Readonly<Record<Exclude<Format, 'text'>, (terminal: Terminal, options: OutputOptions) => Output>> = {
  json: (terminal, { language }) => jsonOutput(terminal, language),
  sarif: sarifOutput,
  github: (terminal, { language }) => githubOutput(terminal, language),
  gitlab: (terminal, { language }) => gitlabOutput(terminal, language),
  junit: (terminal, { language }) => junitOutput(terminal, language),
}

/** Where another program reads standard output, what was fixed is said on standard error. */
function tellingFixes(output: Output, terminal: Terminal, language: Language): Output {
  const tell = ({ name, cell, fixed }: CheckedFile) => {
    for (const one of fixed) terminal.complain(fixedLine(cellName(name, cell), one, language))
  }
  return {
    file(file) {
      tell(file)
      output.file(file)
    },
    end: isComplete => output.end(isComplete),
  }
}
