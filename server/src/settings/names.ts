/** Names that settings mention, and what is said about one that does not exist: the nearest that does. */
import { type Message, ruleDescriptions } from '../analysis.ts'
import { matchesAny } from '../config.ts'
import { nearest } from '../spelling.ts'
import { isRelease, nearestRelease } from '../target/releases.ts'

export interface Complaint {
  readonly message: Message
  /** The name that probably should stand there. */
  readonly meant?: string
}

/** What is wrong with a pattern that means no rule. */
export function ruleMistake(pattern: string): Complaint | undefined {
  const rules = ruleDescriptions().map(({ id }) => id)
  if (rules.some(rule => matchesAny(rule, [pattern]))) return undefined
  const families = new Set(rules.map(id => `${id.split('/')[0]}/*`))
  return unknown('rule', '规则', pattern, pattern.includes('*') ? [...families] : rules)
}

export function versionMistake(version: string): Complaint | undefined {
  if (version === 'auto' || isRelease(version)) return undefined
  const meant = nearestRelease(version)
  const message = {
    en: `there is no PyTorch ${version}: did you mean ${meant}?`,
    zh: `没有 PyTorch ${version}：您是否想输入 ${meant}？`,
  }
  return { message, meant }
}

export function unknown(en: string, zh: string, name: string, candidates: readonly string[]): Complaint {
  const meant = nearest(name, candidates)
  const message = {
    en: `there is no ${en} ${name}${meant ? `: did you mean ${meant}?` : ''}`,
    zh: `没有${zh} ${name}${meant ? `：您是否想输入 ${meant}？` : ''}`,
  }
  return meant ? { message, meant } : { message }
}
