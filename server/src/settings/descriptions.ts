/** What is said about settings and rules where a configuration file names them. */
import { explain, type Message, type RuleDescription, ruleDescriptions } from '../analysis.ts'
import { matchesAny } from '../config.ts'
import type { Setting } from './table.ts'

/** Markdown: what it does, what it takes, what counts without it. */
export function describeSetting({ key, description, choices = [], default: byDefault }: Setting): Message {
  const values = (language: keyof Message) =>
    choices.map(({ value, description }) => `- \`"${value}"\`: ${description[language]}`)
  const text = (language: keyof Message, ending: string) =>
    [`**\`${key}\`**`, description[language], values(language).join('\n'), ending]
      .filter(part => part !== '')
      .join('\n\n')
  const written = `\`${JSON.stringify(byDefault)}\``
  return { en: text('en', `Default: ${written}`), zh: text('zh', `默认值：${written}`) }
}

/** Markdown: the page of a rule, or the rules that a pattern means. */
export function describePattern(pattern: string): Message | undefined {
  const page = pattern.includes('/') ? explain(pattern) : undefined
  if (page) return page
  const meant = rulesOf(pattern)
  if (meant.length === 0) return undefined
  const list = (language: keyof Message) => meant.map(({ id, title }) => `- \`${id}\`: ${title[language]}`).join('\n')
  const count = howMany(meant)
  return {
    en: `**\`${pattern}\`**: ${count.en}\n\n${list('en')}`,
    zh: `**\`${pattern}\`**：${count.zh}\n\n${list('zh')}`,
  }
}

export function howMany(rules: readonly RuleDescription[]): Message {
  const { length } = rules
  return { en: length === 1 ? '1 rule' : `${length} rules`, zh: `${length} 条规则` }
}

export function rulesOf(pattern: string): readonly RuleDescription[] {
  return ruleDescriptions().filter(({ id }) => matchesAny(id, [pattern]))
}
