/** Which rules run on a file, and at which level their findings are reported. */
import type { Severity } from './rules/rule.ts'

export interface Settings {
  /** Rule ids or patterns (`amp/*`); undefined: the rules of the preset. */
  readonly select?: readonly string[]
  readonly ignore?: readonly string[]
  /** The levels of rules or patterns, of which the most exact one counts. */
  readonly severity?: Readonly<Record<string, Severity>>
  /** `recommended`, which is meant by undefined: every rule that is not off by default. */
  readonly preset?: 'recommended' | 'all'
  /** The level at which comments that suppress nothing are reported; undefined: off. */
  readonly unusedSuppressions?: Severity
  readonly torchVersion?: string
}

/** A rule that is off by default runs when it is selected, or given a level by its full name; `ignore` has the last word. */
export function isSelected(rule: string, severity: Severity, settings: Settings): boolean {
  if (settings.ignore && matchesAny(rule, settings.ignore)) return false
  if (levelOf(rule, settings) === 'off') return false
  if (settings.select) return matchesAny(rule, settings.select)
  return severity !== 'off' || settings.preset === 'all' || settings.severity?.[rule] !== undefined
}

/** The level that the user wants for a rule; undefined: the rule's own. */
export function levelOf(rule: string, { severity }: Settings): Severity | undefined {
  if (!severity) return undefined
  const [family, problem] = rule.split('/')
  const exactness = (pattern: string) => {
    const [wantedFamily, wantedProblem = '*'] = pattern.trim().toLowerCase().split('/')
    return (wantedProblem === problem ? 2 : 0) + (wantedFamily === family ? 1 : 0)
  }
  const fitting = Object.keys(severity).filter(pattern => matchesAny(rule, [pattern]))
  const [best] = fitting.sort((a, b) => exactness(b) - exactness(a))
  return best === undefined ? undefined : severity[best]
}

/** Is a rule meant by one of the patterns? `amp/missing-update`, `amp/*`, `amp` and `*` all mean `amp/missing-update`. */
export function matchesAny(rule: string, patterns: readonly string[]): boolean {
  const [family, problem] = rule.split('/')
  return patterns.some(pattern => {
    const [wantedFamily, wantedProblem = '*'] = pattern.trim().toLowerCase().split('/')
    return [family, '*'].includes(wantedFamily) && [problem, '*'].includes(wantedProblem)
  })
}
