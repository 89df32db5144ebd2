/** What stands under the cursor in a configuration file. */
import type { Message, Range } from '../analysis.ts'
import { describePattern, describeSetting } from './descriptions.ts'
import { meaningOf, ownKeys, settingOf, withinSettings } from './place.ts'
import { type Word, wordsOf } from './scan.ts'

export interface SettingHover extends Range {
  readonly markdown: Message
}

export function settingHover(path: string, text: string, offset: number): SettingHover | undefined {
  const word = wordsOf(text).find(({ start, end }) => start <= offset && offset < end)
  const markdown = word && textOf(word, ownKeys(path))
  return markdown && { markdown, start: word.start, end: word.end }
}

function textOf({ kind, path, text }: Word, own: readonly string[]): Message | undefined {
  const keys = withinSettings(path, own)
  if (!keys) return undefined
  const isKey = kind !== 'value'
  const setting = settingOf(keys)
  if (isKey && keys.length === 1) return setting && describeSetting(setting)
  const meaning = meaningOf(kind, isKey ? keys.slice(0, -1) : keys)
  if (meaning === 'rule') return describePattern(text)
  return setting?.choices?.find(({ value }) => meaning === 'value' && value === text)?.description
}
