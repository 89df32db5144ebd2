/** What somebody has set, read from what they wrote; each mistake is named where it stands. */
import type { Range, Severity } from '../analysis.ts'
import { type Language, languages } from '../language.ts'
import { type Complaint, ruleMistake, unknown, versionMistake } from './names.ts'
import { fileSettings, levels, type Setting, type SettingName, settings } from './table.ts'
import { fromData, type Table, type Value } from './value.ts'

export interface Options {
  readonly select?: readonly string[]
  readonly ignore?: readonly string[]
  /** Rules or patterns, and their level. */
  readonly severity?: Readonly<Record<string, Severity>>
  /** Files as in .gitignore, and the rules or patterns that are left out in them. */
  readonly perFileIgnores?: Readonly<Record<string, readonly string[]>>
  readonly exclude?: readonly string[]
  readonly preset?: 'recommended' | 'all'
  /** A version, or `auto`. */
  readonly torchVersion?: string
  readonly language?: Language
  readonly unusedSuppressions?: Severity
  readonly maxProblemsPerFile?: number
  readonly run?: 'onType' | 'onSave'
  readonly 'inlayHints.effectiveBatchSize'?: boolean
  readonly 'inlayHints.decay'?: boolean
  readonly 'inlayHints.schedulerSteps'?: boolean
  readonly codeLens?: boolean
}

export interface Mistake extends Complaint {
  readonly at: Range
}

export interface Read {
  readonly options: Options
  readonly mistakes: readonly Mistake[]
}

/** The settings of a file: a name that is none is a mistake. */
export function readFileOptions(table: Table): Read {
  const mistakes: Mistake[] = []
  let options: Options = {}
  for (const { key, at, value } of table.entries) {
    const setting = fileSettings.find(setting => setting.key === key)
    const keys = fileSettings.map(setting => setting.key)
    if (setting) options = withSetting(options, setting, value, at, mistakes)
    else mistakes.push({ at, ...unknown('setting', '设置', key, keys) })
  }
  return { options, mistakes }
}

/** The settings of an editor, which has others beside them. One at its default is not set; a mistake names its setting. */
export function readEditorOptions(data: (name: SettingName) => unknown): Read {
  const mistakes: Mistake[] = []
  let options: Options = {}
  for (const setting of settings) {
    const value = data(setting.name)
    if (value === undefined || value === null || isDefault(value, setting)) continue
    const own: Mistake[] = []
    options = withSetting(options, setting, fromData(value), { start: 0, end: 0 }, own)
    for (const { at, message } of own)
      mistakes.push({
        at,
        message: {
          en: `torchlint.${setting.name}: ${message.en}`,
          zh: `torchlint.${setting.name}：${message.zh}`,
        },
      })
  }
  return { options, mistakes }
}

function isDefault(value: unknown, setting: Setting): boolean {
  return JSON.stringify(value) === JSON.stringify(setting.default)
}

type Report = (at: Range, complaint: Complaint) => void

function withSetting(options: Options, setting: Setting, value: Value, key: Range, mistakes: Mistake[]): Options {
  const report: Report = (at, complaint) => mistakes.push({ at: at.end > at.start ? at : key, ...complaint })
  const read = readers[setting.name](value, report)
  return read === undefined ? options : { ...options, [setting.name]: read }
}

type Reader<Name extends SettingName> = (value: Value, report: Report) => Options[Name] | undefined

const readers: { readonly [Name in SettingName]: Reader<Name> } = {
  select: readRules,
  ignore: readRules,
  severity: readLevels,
  perFileIgnores: (value, report) => readTable(value, report, inner => readRules(inner, report)),
  exclude: (value, report) => readStrings(value, report, () => undefined),
  preset: (value, report) => readChoice(value, report, ['recommended', 'all'] as const),
  torchVersion: readVersion,
  language(value, report) {
    const language = readChoice(value, report, ['auto', ...languages] as const)
    return language === 'auto' ? undefined : language
  },
  unusedSuppressions: (value, report) => readChoice(value, report, levels),
  maxProblemsPerFile: readCount,
  run: (value, report) => readChoice(value, report, ['onType', 'onSave'] as const),
  'inlayHints.effectiveBatchSize': readSwitch,
  'inlayHints.decay': readSwitch,
  'inlayHints.schedulerSteps': readSwitch,
  codeLens: readSwitch,
}

function readRules(value: Value, report: Report): readonly string[] | undefined {
  return readStrings(value, report, ruleMistake)
}

function readStrings(
  value: Value,
  report: Report,
  mistakeIn: (text: string) => Complaint | undefined,
): readonly string[] | undefined {
  if (value.kind !== 'list') {
    report(value, expected.list)
    return undefined
  }
  return value.items.flatMap(item => {
    const text = item.kind === 'scalar' && typeof item.value === 'string' ? item.value : undefined
    const mistake = text === undefined ? expected.string : mistakeIn(text)
    if (mistake) report(item, mistake)
    return text === undefined || mistake ? [] : [text]
  })
}

function readLevels(value: Value, report: Report): Options['severity'] {
  return readTable(value, report, (level, rule, at) => {
    const mistake = ruleMistake(rule)
    if (mistake) report(at, mistake)
    const chosen = readChoice(level, report, levels)
    return mistake ? undefined : chosen
  })
}

function readTable<Inner>(
  value: Value,
  report: Report,
  read: (value: Value, key: string, at: Range) => Inner | undefined,
): Readonly<Record<string, Inner>> | undefined {
  if (value.kind !== 'table') {
    report(value, expected.table)
    return undefined
  }
  const entries = value.entries.flatMap(({ key, at, value }) => {
    const inner = read(value, key, at)
    return inner === undefined ? [] : [[key, inner] as const]
  })
  return Object.fromEntries(entries)
}

function readChoice<Choice extends string>(
  value: Value,
  report: Report,
  choices: readonly Choice[],
): Choice | undefined {
  const written = value.kind === 'scalar' ? value.value : undefined
  const choice = choices.find(choice => choice === written)
  if (choice === undefined)
    report(value, typeof written === 'string' ? unknown('value', '值', written, choices) : oneOf(choices))
  return choice
}

function readVersion(value: Value, report: Report): string | undefined {
  const written = value.kind === 'scalar' ? value.value : undefined
  if (typeof written !== 'string') report(value, expected.version)
  else {
    const mistake = versionMistake(written)
    if (!mistake) return written
    report(value, mistake)
  }
  return undefined
}

function readCount(value: Value, report: Report): number | undefined {
  const written = value.kind === 'scalar' ? value.value : undefined
  if (typeof written === 'number' && Number.isInteger(written) && written > 0) return written
  report(value, expected.count)
  return undefined
}

function readSwitch(value: Value, report: Report): boolean | undefined {
  const written = value.kind === 'scalar' ? value.value : undefined
  if (typeof written === 'boolean') return written
  report(value, expected.switch)
  return undefined
}

function oneOf(choices: readonly string[]): Complaint {
  return { message: { en: `this must be one of ${choices.join(', ')}`, zh: `应为 ${choices.join('、')} 之一` } }
}

const expected = {
  string: { message: { en: 'this must be a string', zh: '应为字符串' } },
  list: { message: { en: 'this must be a list of strings', zh: '应为字符串列表' } },
  table: { message: { en: 'this must be a table', zh: '应为表（table）' } },
  version: {
    message: { en: 'this must be a version as a string, such as "2.4"', zh: '应为字符串形式的版本号，例如 "2.4"' },
  },
  switch: { message: { en: 'this must be true or false', zh: '应为 true 或 false' } },
  count: { message: { en: 'this must be a positive whole number', zh: '应为正整数' } },
} as const satisfies Readonly<Record<string, Complaint>>
