/** What counts for one file, and who decided it: who is nearer to the user has the last word. */
import ignore, { type Ignore } from 'ignore'
import type { Settings } from '../analysis.ts'
import type { Options } from './options.ts'
import { type SettingName, settings } from './table.ts'

/** Settings of one origin: the command line, an editor, a file. */
export interface Layer {
  readonly options: Options
  /** What its globs are relative to, with slashes. Undefined: nothing that they could mean. */
  readonly folder: string | undefined
  /** As the user knows it. */
  readonly origin: string
}

export interface Decision {
  readonly setting: SettingName
  readonly value: unknown
  readonly origin: string
}

/** Of several layers that speak, the first counts; the entries of tables are joined, and the first of equal keys counts. */
export function mergedOptions(layers: readonly Layer[]): Options {
  const tables = {
    severity: Object.assign({}, ...layers.toReversed().map(({ options }) => options.severity)),
    perFileIgnores: Object.assign({}, ...layers.toReversed().map(({ options }) => options.perFileIgnores)),
  }
  return { ...Object.assign({}, ...layers.toReversed().map(({ options }) => options)), ...tables }
}

/** What the analysis of a file is to do. */
export function settingsFor(path: string | undefined, layers: readonly Layer[], torchVersion?: string): Settings {
  const { select, ignore: everywhere = [], severity = {}, preset, unusedSuppressions } = mergedOptions(layers)
  const ignored = [...everywhere, ...layers.flatMap(layer => ignoredIn(path, layer))]
  return {
    ...(select && { select }),
    ...(ignored.length > 0 && { ignore: ignored }),
    ...(Object.keys(severity).length > 0 && { severity }),
    ...(preset && { preset }),
    ...(unusedSuppressions && { unusedSuppressions }),
    ...(torchVersion !== undefined && { torchVersion }),
  }
}

/** Is a file, or a folder, whose path ends in a slash, to be left out? */
export function isExcluded(path: string, layers: readonly Layer[]): boolean {
  const layer = layers.find(({ options }) => options.exclude !== undefined)
  return layer?.options.exclude !== undefined && matches(path, layer, layer.options.exclude)
}

/** Everything that is set, by whom, in the order of the table. */
export function decisions(layers: readonly Layer[]): readonly Decision[] {
  return settings.flatMap(({ name }) =>
    layers.flatMap(({ options, origin }): readonly Decision[] => {
      const isFirst = layers.find(({ options }) => options[name] !== undefined)?.origin === origin
      const isTable = name === 'severity' || name === 'perFileIgnores'
      const value = options[name]
      return value !== undefined && (isFirst || isTable) ? [{ setting: name, value, origin }] : []
    }),
  )
}

function ignoredIn(path: string | undefined, layer: Layer): readonly string[] {
  if (path === undefined) return []
  const entries = Object.entries(layer.options.perFileIgnores ?? {})
  return entries.flatMap(([glob, rules]) => (matches(path, layer, [glob]) ? rules : []))
}

function matches(path: string, { folder }: Layer, globs: readonly string[]): boolean {
  if (folder === undefined || !path.startsWith(`${folder}/`) || path.length === folder.length + 1) return false
  return compiled(globs).ignores(path.slice(folder.length + 1))
}

const compilations = new Map<string, Ignore>()

function compiled(globs: readonly string[]): Ignore {
  const key = globs.join('\n')
  const known = compilations.get(key) ?? ignore({ ignorecase: false }).add([...globs])
  compilations.set(key, known)
  return known
}
