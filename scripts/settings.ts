/**
 * What follows from the table of settings: the settings in the manifest with their texts, and the schemas by which editors
 * complete and check them, in torchlint.toml and in settings.json.
 */
import type { RuleDescription } from '../server/src/analysis.ts'
import type { Message } from '../server/src/rules/rule.ts'
import { fileSettings, levels, type Setting, settings } from '../server/src/settings/table.ts'

type Schema = Readonly<Record<string, unknown>>

/** The settings of the manifest, whose texts stand in package.nls.json. */
export function manifestProperties(): Readonly<Record<string, Schema>> {
  return Object.fromEntries(
    settings.map(setting => [
      `torchlint.${setting.name}`,
      {
        ...schemaOf(setting),
        ...(setting.choices && {
          enumDescriptions: setting.choices.map(({ value }) => `%${textKey(setting)}.${value}%`),
        }),
        ...(setting.kind === 'version' && { patternErrorMessage: `%${textKey(setting)}.invalid%` }),
        default: setting.default,
        scope: 'resource',
        markdownDescription: `%${textKey(setting)}%`,
      },
    ]),
  )
}

/** The texts of the manifest's settings in one language. */
export function manifestTexts(language: keyof Message): Readonly<Record<string, string>> {
  return Object.fromEntries(
    settings.flatMap(setting => [
      [textKey(setting), setting.description[language]],
      ...(setting.choices ?? []).map(({ value, description }) => [
        `${textKey(setting)}.${value}`,
        description[language],
      ]),
      ...(setting.kind === 'version' ? [[`${textKey(setting)}.invalid`, invalidVersion[language]]] : []),
    ]),
  )
}

function textKey({ name }: Setting): string {
  return `configuration.${name}`
}

const invalidVersion: Message = {
  en: '`auto`, or a version such as 2.4',
  zh: '应为 `auto` 或类似 2.4 的版本号',
}

/** Of torchlint.toml. A schema has one text for all: both languages stand in it. */
export function fileSchema(rules: readonly RuleDescription[]): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'TorchLint',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      fileSettings.map(setting => [
        setting.key,
        { ...schemaOf(setting, ruleName), default: setting.default, description: both(setting.description) },
      ]),
    ),
    definitions: { rule: ruleNames(rules) },
  }
}

/** Of settings.json: what the manifest says already is not said again, only which rules there are. */
export function editorSchema(rules: readonly RuleDescription[]): Schema {
  const naming = settings.filter(({ kind }) => kind === 'rules' || kind === 'levels' || kind === 'rules of files')
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: Object.fromEntries(naming.map(setting => [`torchlint.${setting.name}`, schemaOf(setting, ruleName)])),
    definitions: { rule: ruleNames(rules) },
  }
}

const ruleName: Schema = { $ref: '#/definitions/rule' }

/** The manifest has no list of the rules: it would change with each of them. */
function schemaOf({ kind, choices }: Setting, rule: Schema = { type: 'string' }): Schema {
  switch (kind) {
    case 'rules':
      return { type: 'array', items: rule }
    case 'rules of files':
      return { type: 'object', additionalProperties: { type: 'array', items: rule } }
    case 'levels':
      return {
        type: 'object',
        propertyNames: rule,
        additionalProperties: { type: 'string', enum: levels },
      }
    case 'files':
      return { type: 'array', items: { type: 'string' } }
    case 'choice':
      return { type: 'string', enum: choices?.map(({ value }) => value) }
    case 'version':
      return { type: 'string', pattern: '^(auto|\\d+\\.\\d+(\\.\\d+)?)$' }
    case 'count':
      return { type: 'integer', minimum: 1 }
    case 'switch':
      return { type: 'boolean' }
  }
}

/** Every rule, and every family. */
function ruleNames(rules: readonly RuleDescription[]): Schema {
  const families = [...new Set(rules.map(({ id }) => id.split('/')[0] ?? id))]
  const ids = rules.map(({ id }) => id)
  return {
    type: 'string',
    enum: [...ids, ...families.map(family => `${family}/*`), ...families, '*'],
    enumDescriptions: rules.map(({ title }) => both(title)),
  }
}

function both({ en, zh }: Message): string {
  return en === zh ? en : `${en}\n\n${zh}`
}
