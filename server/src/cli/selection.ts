/** The rules that `--select` and `--ignore` name. A name that means no rule is a mistake: it would silently check nothing. */
import { ruleDescriptions } from '../analysis.ts'
import { matchesAny } from '../config.ts'
import { nearest } from './nearest.ts'
import { type Problem, problem } from './problem.ts'

/** What is wrong with the first pattern that means no rule. */
export function checkPatterns(patterns: readonly string[]): Problem | undefined {
  const rules = ruleDescriptions().map(({ id }) => id)
  const unknown = patterns.find(pattern => !rules.some(rule => matchesAny(rule, [pattern])))
  return unknown === undefined ? undefined : unknownRule(unknown, rules)
}

export function unknownRule(name: string, candidates: readonly string[]): Problem {
  const families = new Set(candidates.map(id => `${id.split('/')[0]}/*`))
  const meant = nearest(name, name.includes('*') ? [...families] : candidates)
  return problem(
    `there is no rule ${name}${meant ? `: did you mean ${meant}?` : ''}`,
    `没有规则 ${name}${meant ? `：您是否想输入 ${meant}？` : ''}`,
  )
}
