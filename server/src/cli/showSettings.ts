/** `torchlint check --show-settings`: what counts for a file, and who decided it. */
import { relative } from 'node:path'
import { withSlashes } from '../checking/workspace.ts'
import { inLanguage, type Language, titleIn } from '../language.ts'
import type { FileSettings } from '../settings/project.ts'
import { decisions } from '../settings/resolve.ts'
import { fileSettings } from '../settings/table.ts'
import { commandLine } from './configuration.ts'
import { type Paint, printable } from './terminal.ts'

export function shownSettings(
  name: string,
  found: FileSettings,
  workingDirectory: string,
  language: Language,
  paint: Paint,
): string {
  const decided = decisions(found.layers)
  const lines = fileSettings.flatMap(({ key, name, default: byDefault }) => {
    const own = decided.filter(({ setting }) => setting === name)
    if (own.length > 0) return own.map(one => [key, one.value, origin(one.origin, workingDirectory, language)] as const)
    if (name === 'torchVersion' && found.torchOrigin !== undefined)
      return [[key, found.settings.torchVersion, origin(found.torchOrigin, workingDirectory, language)] as const]
    return [[key, byDefault, titleIn(words.default, language)] as const]
  })
  const text = lines.map(([key, value, by]) => `${key} = ${printable(toml(value))}  ${paint('dim', `# ${by}`)}\n`)
  const excluded = found.isExcluded ? [`${paint('yellow', inLanguage(words.excluded, language))}\n`] : []
  return [`${paint('bold', name)}\n`, ...excluded, ...text].join('')
}

function origin(by: string, workingDirectory: string, language: Language): string {
  if (by === commandLine) return titleIn(words.commandLine, language)
  return printable(withSlashes(relative(workingDirectory, by)))
}

/** As it would be written in a configuration file. */
function toml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)} = ${toml(inner)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

const words = {
  commandLine: { en: 'command line', zh: '命令行' },
  default: { en: 'default', zh: '默认值' },
  excluded: { en: 'excluded: checked only if named', zh: '已排除：只有直接指定时才检查' },
}
