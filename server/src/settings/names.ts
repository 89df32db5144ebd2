/** Names that settings mention, and what is said about one that does not exist: the nearest that does. */
import { type Message, ruleDescriptions } from '../analysis.ts'
import { matchesAny } from '../config.ts'
import { isNear, nearest } from '../spelling.ts'
import { isRelease, nearestRelease } from '../target/releases.ts'

export interface Complaint {
  readonly message: Message
  /** The name that should stand there, if it is near enough to be written without asking. */
  readonly meant?: string
}

/** What is wrong with a pattern that means no rule. */
export function ruleMistake(pattern: string): Complaint | undefined {
  const rules = ruleDescriptions().map(({ id }) => id)
  if (rules.some(rule => matchesAny(rule, [pattern]))) return undefined
  const families = [...new Set(rules.map(id => id.split('/')[0] ?? id))]
  const candidates = pattern.includes('*') ? families.map(family => `${family}/*`) : [...families, ...rules]
  return unknown('rule', '规则', pattern, candidates)
}

export function versionMistake(version: string): Complaint | undefined {
  if (version === 'auto' || isRelease(version)) return undefined
  const meant = nearestRelease(version)
  const message = {
    en: `there is no PyTorch ${version}: did you mean ${meant}?`,
    zh: `没有 PyTorch ${version}：您是否想输入 ${meant}？`,
  }
  return isNear(version, meant) ? { message, meant } : { message }
}

export function unknown(en: string, zh: string, name: string, candidates: readonly string[]): Complaint {
  if (name.trim() === '') return { message: { en: `a ${en} has to be named here`, zh: `此处应填写${zh}` } }
  const meant = nearest(name, candidates)
  const message = {
    en: `there is no ${en} ${name}${meant ? `: did you mean ${meant}?` : ''}`,
    zh: `没有${zh} ${name}${meant ? `：您是否想输入 ${meant}？` : ''}`,
  }
  return meant !== undefined && isNear(name, meant) ? { message, meant } : { message }
}
