/** What may be written at a place of a configuration file, of which the rest may be half written as well. */
import { type Message, type Range, ruleDescriptions } from '../analysis.ts'
import { releases } from '../target/releases.ts'
import { describeSetting, howMany, rulesOf } from './descriptions.ts'
import { meaningOf, ownKeys, settingOf, startsWith, withinSettings } from './place.ts'
import { type Place, placeAt, type Word, wordsOf } from './scan.ts'
import { fileSettings, levels, type Setting } from './table.ts'

export interface Completion {
  readonly kind: 'setting' | 'table' | 'rule' | 'value'
  readonly label: string
  /** What it is, in a line. */
  readonly title?: Message
  /** Markdown. */
  readonly documentation?: Message
  /** What it takes the place of. */
  readonly range: Range
  /** The cursor is left between the two. */
  readonly before: string
  readonly after: string
  /** What of it may stand at the place already. */
  readonly filter: string
  /** Something has to be written where the cursor is left. */
  readonly isOpen: boolean
}

export function completions(path: string, text: string, offset: number): readonly Completion[] {
  const place = placeAt(text, offset)
  if (!place) return []
  const own = ownKeys(path)
  const present = wordsOf(text).filter(({ start }) => start !== place.word?.start)
  if (place.kind === 'header') return tables(place, own, present, insertion(text, offset, place.word))
  const keys = withinSettings(place.path, own)
  const meaning = keys && meaningOf(place.kind, keys)
  if (!meaning) return []
  const said = present.filter(word => isAt(word, place)).map(({ text }) => text)
  return candidates(meaning, settingOf(keys), place)
    .filter(({ label }) => !said.includes(label))
    .map(candidate => completed(candidate, place, insertion(text, offset, place.word)))
}

/** Has a word of the file been written at this place, or, for a key, as the name of a table? */
function isAt({ kind, path }: Word, place: Place): boolean {
  const isValue = place.kind === 'value'
  if (isValue !== (kind === 'value') || (isValue && !place.isInList)) return false
  return path.length === place.path.length + (isValue ? 0 : 1) && startsWith(path, place.path)
}

interface Candidate extends Pick<Completion, 'kind' | 'label' | 'title' | 'documentation'> {
  /** What stands on both sides of the cursor behind a key. */
  readonly value?: readonly [before: string, after: string]
}

function candidates(
  meaning: NonNullable<ReturnType<typeof meaningOf>>,
  setting: Setting | undefined,
  { kind }: Place,
): readonly Candidate[] {
  switch (meaning) {
    case 'setting':
      return fileSettings.map(setting => ({
        kind: 'setting',
        label: setting.key,
        documentation: describeSetting(setting),
        value: values[setting.kind],
      }))
    case 'rule':
      return kind === 'key' ? patterns().map(pattern => ({ ...pattern, value: ['"', '"'] })) : patterns()
    case 'level':
      return levels.map(level => ({ kind: 'value', label: level }))
    case 'value':
      return setting?.kind === 'version'
        ? ['auto', ...releases.toReversed()].map(version => ({ kind: 'value', label: version }))
        : (setting?.choices ?? []).map(({ value, description }) => ({
            kind: 'value',
            label: value,
            title: description,
          }))
  }
}

/** What a setting takes, around the cursor. */
const values: Readonly<Record<Setting['kind'], readonly [string, string]>> = {
  rules: ['["', '"]'],
  files: ['["', '"]'],
  levels: ['{ ', ' }'],
  'rules of files': ['{ "', '" = [] }'],
  choice: ['"', '"'],
  version: ['"', '"'],
  count: ['', ''],
  switch: ['', ''],
}

/** Every family, then every rule. */
function patterns(): readonly Candidate[] {
  const rules = ruleDescriptions()
  const families = [...new Set(rules.map(({ id }) => `${id.split('/')[0]}/*`))]
  return [
    ...families.map((label): Candidate => ({ kind: 'rule', label, title: howMany(rulesOf(label)) })),
    ...rules.map(({ id, severity, title, summary }): Candidate => {
      const line = { en: `${severity}: ${title.en}`, zh: `${severity}：${title.zh}` }
      return { kind: 'rule', label: id, title: line, documentation: summary }
    }),
  ]
}

interface Insertion {
  /** Of what is written there already, both sides of the cursor. */
  readonly range: Range
  readonly quote: string
  /** What follows it on the line. */
  readonly rest: string
}

function insertion(text: string, offset: number, word: Word | undefined): Insertion {
  const quote = word?.quote ?? ''
  const [content = ''] = /^[\w*/.+-]*/.exec(text.slice(offset)) ?? []
  const isClosed = quote !== '' && text.startsWith(quote, offset + content.length)
  const end = offset + content.length + (isClosed ? 1 : 0)
  const [rest = ''] = /^[^\r\n]*/.exec(text.slice(end)) ?? []
  return { range: { start: word?.start ?? offset, end }, quote, rest }
}

function completed({ value, ...candidate }: Candidate, place: Place, { range, quote, rest }: Insertion): Completion {
  const { label } = candidate
  const isBare = candidate.kind === 'setting' && quote === ''
  const mark = quote || '"'
  const written = isBare ? label : `${mark}${label}${mark}`
  const base = { ...candidate, range, filter: `${quote}${label}` }
  if (place.kind === 'key') {
    const isNew = value !== undefined && !/^[ \t]*[=.]/.test(rest)
    return isNew
      ? { ...base, before: `${written} = ${value[0]}`, after: value[1], isOpen: true }
      : { ...base, before: written, after: '', isOpen: false }
  }
  const needsList = candidate.kind === 'rule' && !place.isInList
  return { ...base, before: needsList ? `[${written}]` : written, after: '', isOpen: false }
}

/** The names of tables that lead on from what is written of one; not the first step into those of others. */
function tables(
  { path }: Place,
  own: readonly string[],
  present: readonly Word[],
  { range, rest }: Insertion,
): readonly Completion[] {
  if (path.length < Math.min(own.length, 1)) return []
  const inner = fileSettings.filter(({ kind }) => kind === 'levels' || kind === 'rules of files')
  const known = new Set(present.map(({ path }) => path.join('.')))
  const named = inner.map(setting => ({ keys: [...own, setting.key], documentation: describeSetting(setting) }))
  return [{ keys: own, documentation: undefined }, ...named]
    .filter(({ keys }) => keys.length > path.length && startsWith(keys, path) && !known.has(keys.join('.')))
    .map(({ keys, documentation }) => {
      const label = keys.slice(path.length).join('.')
      const before = /^[ \t]*\]/.test(rest) ? label : `${label}]`
      return {
        kind: 'table',
        label,
        ...(documentation && { documentation }),
        range,
        before,
        after: '',
        filter: label,
        isOpen: false,
      }
    })
}
