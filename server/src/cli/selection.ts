/** The rules that `--select` and `--ignore` name. A name that means no rule is a mistake: it would silently check nothing. */

import type { Problem } from '../checking/problem.ts'
import { ruleMistake } from '../settings/names.ts'

/** What is wrong with the first pattern that means no rule. */
export function checkPatterns(patterns: readonly string[]): Problem | undefined {
  const [mistake] = patterns.flatMap(pattern => ruleMistake(pattern) ?? [])
  return mistake && { problem: mistake.message }
}
