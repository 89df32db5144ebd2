/** Where the settings stand in a configuration file, and what is meant to stand at a place within them. */
import type { Word } from './scan.ts'
import { fileSettings, type Setting } from './table.ts'

/** The name of a setting, a rule or pattern, the level of one, or else what the setting takes. */
export type Meaning = 'setting' | 'rule' | 'level' | 'value'

/** The keys that lead to the settings: none in a torchlint.toml. */
export function ownKeys(path: string): readonly string[] {
  return path.endsWith('/torchlint.toml') ? [] : ['tool', 'torchlint']
}

/** The part of the keys that is within the settings; undefined if they lead elsewhere. */
export function withinSettings(keys: readonly string[], own: readonly string[]): readonly string[] | undefined {
  return startsWith(keys, own) ? keys.slice(own.length) : undefined
}

export function startsWith(keys: readonly string[], start: readonly string[]): boolean {
  return start.every((key, index) => keys[index] === key)
}

/** The setting that keys within the settings lead to. */
export function settingOf([key]: readonly string[]): Setting | undefined {
  return fileSettings.find(setting => setting.key === key)
}

/** What a word is meant to be at the place to which these keys lead. */
export function meaningOf(kind: Word['kind'], keys: readonly string[]): Meaning | undefined {
  const setting = settingOf(keys)
  if (kind === 'header') return undefined
  if (kind === 'key') {
    if (keys.length === 0) return 'setting'
    return keys.length === 1 && setting?.kind === 'levels' ? 'rule' : undefined
  }
  const [depth, meaning] = meanings[setting?.kind ?? 'none']
  return keys.length === depth ? meaning : undefined
}

/** How many keys lead to a value, and what it is. */
const meanings: Readonly<Record<Setting['kind'] | 'none', readonly [depth: number, Meaning | undefined]>> = {
  none: [0, undefined],
  rules: [1, 'rule'],
  'rules of files': [2, 'rule'],
  levels: [2, 'level'],
  choice: [1, 'value'],
  version: [1, 'value'],
  files: [1, undefined],
  count: [1, undefined],
  switch: [1, undefined],
}
