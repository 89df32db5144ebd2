/** What counts for each file of a project: the user's settings, the nearest configuration file, the project's PyTorch. */
import type { HintKind, Settings } from '../analysis.ts'
import type { Language } from '../language.ts'
import type { ProjectFiles } from '../target/files.ts'
import { torchVersions } from '../target/torchVersion.ts'
import { type ConfigurationFile, configurationFiles } from './files.ts'
import type { Options } from './options.ts'
import { isExcluded, type Layer, mergedOptions, settingsFor } from './resolve.ts'

export interface FileSettings {
  /** The same object for the same settings: the analysis remembers its result by it. */
  readonly settings: Settings
  readonly isExcluded: boolean
  readonly language: Language | undefined
  readonly maxProblemsPerFile: number | undefined
  readonly run: Options['run']
  /** Who tells the version of PyTorch: the origin of a layer, or the path of one of the project's files. */
  readonly torchOrigin: string | undefined
  /** The inlay hints that the user wants to see. */
  readonly hints: readonly HintKind[]
  readonly codeLens: boolean
  /** The file that configures this one. */
  readonly file: ConfigurationFile | undefined
  /** Whose settings these are, the strongest first. */
  readonly layers: readonly Layer[]
}

export interface ProjectSettings {
  /** Paths have slashes on every platform; a folder's ends in one. Undefined: a text that is in no file. */
  of(path: string | undefined, user: readonly Layer[]): FileSettings
  /** Files have changed: they are read anew. */
  forget(): void
}

export function projectSettings(host: ProjectFiles, isRoot: (folder: string) => boolean): ProjectSettings {
  const files = configurationFiles(host)
  const versions = torchVersions(host, isRoot)
  const known = new Map<string, Settings>()

  const same = (settings: Settings): Settings => {
    const key = JSON.stringify(settings)
    const one = known.get(key) ?? settings
    known.set(key, one)
    return one
  }
  return {
    of(path, user) {
      const folder = path === undefined ? undefined : folderOf(path)
      const file = folder === undefined ? undefined : files.nearest(folder)
      const layers = file ? [...user, { options: file.options, folder: file.folder, origin: file.path }] : user
      const options = mergedOptions(layers)
      const { torchVersion = 'auto', language, maxProblemsPerFile, run, codeLens = false } = options
      const isSet = torchVersion !== 'auto'
      const found = folder === undefined || isSet ? undefined : versions.of(folder)
      return {
        settings: same(settingsFor(path, layers, isSet ? torchVersion : found?.version)),
        isExcluded: path !== undefined && isExcluded(path, layers),
        language,
        maxProblemsPerFile,
        run,
        torchOrigin: isSet ? layers.find(({ options }) => options.torchVersion !== undefined)?.origin : found?.path,
        hints: hintKinds.filter(kind => options[`inlayHints.${kind}`] === true),
        codeLens,
        file,
        layers,
      }
    },
    forget() {
      files.forget()
      versions.forget()
    },
  }
}

const hintKinds: readonly HintKind[] = ['effectiveBatchSize', 'decay', 'schedulerSteps']

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/', path.length - 2))
}
