/** Which rules run on a file and which of their findings it asks not to see: settings and suppression comments. */

import type { Range, Severity } from './rules/rule.ts'
import type { Model } from './semantic/model.ts'
import { lineAt, lineStarts } from './syntax/lines.ts'

export interface Settings {
  /** Rule ids or patterns (`amp/*`); undefined: every rule that is not off by default. */
  readonly select?: readonly string[]
  readonly ignore?: readonly string[]
  readonly torchVersion?: string
}

/** A rule that is off by default runs when it is selected; `ignore` has the last word. */
export function isSelected(rule: string, severity: Severity, settings: Settings): boolean {
  if (settings.ignore && matchesAny(rule, settings.ignore)) return false
  return settings.select ? matchesAny(rule, settings.select) : severity !== 'off'
}

/** Is a rule meant by one of the patterns? `amp/missing-update`, `amp/*`, `amp` and `*` all mean `amp/missing-update`. */
export function matchesAny(rule: string, patterns: readonly string[]): boolean {
  const [family, problem] = rule.split('/')
  return patterns.some(pattern => {
    const [wantedFamily, wantedProblem = '*'] = pattern.trim().toLowerCase().split('/')
    return [family, '*'].includes(wantedFamily) && [problem, '*'].includes(wantedProblem)
  })
}

/** Does a comment of the file ask not to report this rule at this place? */
export type IsSuppressed = (rule: string, at: Range, statement: Range | undefined) => boolean

/**
 * Reads the comments `# torchlint: ignore`, `# torchlint: ignore[amp/*, loop/missing-step]` (for their line, or for the
 * statement that begins on it) and `# torchlint: ignore-file[…]` (a line of its own at the top level, for the whole file).
 */
export function suppressions(model: Model): IsSuppressed {
  if (!/torchlint/i.test(model.text)) return () => false
  const starts = lineStarts(model.text)
  const file: string[] = []
  const lines = new Map<number, string[]>()
  for (const { start, end } of model.module.comments) {
    const match = suppression.exec(model.text.slice(start, end))
    if (!match) continue
    const patterns = match[2] === undefined ? ['*'] : match[2].split(',').filter(pattern => pattern.trim() !== '')
    const line = lineAt(starts, start)
    if (match[1] === undefined) lines.set(line, [...(lines.get(line) ?? []), ...patterns])
    else if (starts[line] === start) file.push(...patterns)
  }
  const suppressedOn = (rule: string, offset: number) => matchesAny(rule, lines.get(lineAt(starts, offset)) ?? [])
  return (rule, at, statement) =>
    matchesAny(rule, file) ||
    suppressedOn(rule, at.start) ||
    (statement !== undefined && suppressedOn(rule, statement.start))
}

const suppression = /#\s*torchlint\s*:\s*ignore(-file)?(?![\w-])\s*(?:\[([^\]]*)\])?/i
