/** What `--baseline` and `--update-baseline` make of a check. */
import { resolve } from 'node:path'
import type { Message } from '../analysis.ts'
import { isProblem, type Problem, problem } from '../checking/problem.ts'
import { inLanguage, type Language } from '../language.ts'
import { createBaseline, readBaseline } from './baseline.ts'
import type { CheckOptions, ExitCode } from './check.ts'
import type { Terminal } from './terminal.ts'
import { baselineGone } from './words.ts'

/** A baseline takes away what it knows, or learns everything. */
export interface KnownFindings {
  readonly selected: NonNullable<CheckOptions['selected']>
  end(exitCode: ExitCode): ExitCode | Problem
}

interface BaselineFlags {
  readonly baseline?: string
  readonly updateBaseline?: true
}

interface BaselineSurroundings {
  readonly workingDirectory: string
  readonly terminal: Terminal
  readonly language: Language
}

export function knownFindings(
  { baseline: name, updateBaseline }: BaselineFlags,
  { workingDirectory, terminal, language }: BaselineSurroundings,
): KnownFindings | Problem | undefined {
  if (name === undefined) return undefined
  const path = resolve(workingDirectory, name)
  const named = ({ problem: { en, zh } }: Problem) => problem(`${name}: ${en}`, `${name}：${zh}`)
  const say = (message: Message) => terminal.complain(`${name}: ${inLanguage(message, language)}\n`)
  if (!updateBaseline) {
    const baseline = readBaseline(path, workingDirectory)
    if (isProblem(baseline)) return named(baseline)
    return {
      selected: baseline.fresh,
      end(exitCode) {
        if (baseline.gone() > 0) say(baselineGone(baseline.gone()))
        return exitCode
      },
    }
  }
  const writer = createBaseline(path, workingDirectory)
  return {
    selected(file) {
      writer.add(file)
      return []
    },
    end(exitCode) {
      const written = writer.write()
      if (isProblem(written)) return named(written)
      say(written)
      return exitCode
    },
  }
}
