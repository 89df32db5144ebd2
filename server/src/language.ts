/** The languages that the user reads. */
import type { Message } from './rules/rule.ts'

export type Language = 'en' | 'zh-cn' | 'both'

export const languages: readonly Language[] = ['en', 'zh-cn', 'both']

/** A text in the user's language; in both, English stands first. */
export function inLanguage(message: Message, language: Language, separator = '\n'): string {
  if (language === 'both') return message.en + separator + message.zh
  return language === 'en' ? message.en : message.zh
}

/** The title of a fix. Editors show it on one line. */
export function titleIn(message: Message, language: Language): string {
  return inLanguage(message, language, ' / ')
}

/** What to speak to a user whose editor speaks `locale` (`zh-cn`, `zh-Hans`, `en-US`). */
export function languageOfLocale(locale: string | undefined): Language {
  return /^zh\b/i.test(locale ?? '') ? 'zh-cn' : 'en'
}
