/** What counts for each document: the user's settings, the project's configuration file, the project's PyTorch. */
import type { InitializeParams } from 'vscode-languageserver'
import type { Settings } from '../analysis.ts'
import type { Language } from '../language.ts'
import { filePatterns, isConfigurationFile } from '../settings/files.ts'
import { type FileSettings, projectSettings } from '../settings/project.ts'
import type { ProjectFiles } from '../target/files.ts'
import { isSource, sourcePatterns } from '../target/sources.ts'
import type { Configuration } from './configuration.ts'
import type { Watching } from './watching.ts'

/** What a host knows of the files around a document. */
export interface ProjectHost extends ProjectFiles {
  /** The path of the folder that a document is in; undefined if it is in none, such as one that was never saved. */
  folderOf(uri: string): string | undefined
  uriOf(path: string): string
}

export interface Targets {
  of(uri: string): FileSettings
  /** The same object for the same settings: the analysis remembers its result by it. */
  settingsOf(uri: string): Settings
  languageOf(uri: string): Promise<Language>
  /** The settings of some document may have changed. */
  onDidChange(listener: () => void): void
}

export function readTargets(
  params: InitializeParams,
  configuration: Configuration,
  watching: Watching,
  host: ProjectHost,
): Targets {
  const roots = new Set((params.workspaceFolders ?? []).map(({ uri }) => pathOfFolder(host, uri.replace(/\/+$/, ''))))
  const project = projectSettings(host, folder => roots.has(folder) || host.names(folder).includes('.git'))
  const listeners: (() => void)[] = []
  const change = () => {
    for (const listener of listeners) listener()
  }

  watching.watch([...sourcePatterns, ...filePatterns], uris => {
    if (!uris.some(uri => isFolder(uri) || isSource(uri) || isConfigurationFile(uri))) return
    project.forget()
    change()
  })
  configuration.onDidChange(change)

  const of = (uri: string): FileSettings => {
    const { options, folder } = configuration.optionsOf(uri)
    const user = { options, folder: folder === undefined ? undefined : pathOfFolder(host, folder), origin: editor }
    return project.of(pathOf(host, uri), [user])
  }
  return {
    of,
    settingsOf(uri) {
      const { settings, isExcluded } = of(uri)
      return isExcluded ? nothing : settings
    },
    async languageOf(uri) {
      const language = await configuration.language()
      return of(uri).language ?? language
    },
    onDidChange: listener => listeners.push(listener),
  }
}

/** The origin of what is set in the editor. */
export const editor = 'editor'

/** For files that are left out: names are still explained in them. */
const nothing: Settings = { select: [] }

/** What a folder contains may be what has been looked for. */
function isFolder(uri: string): boolean {
  return uri.endsWith('/')
}

/** The URI ends in no slash. */
export function pathOfFolder(host: ProjectHost, uri: string): string | undefined {
  return host.folderOf(`${uri}/file`)
}

export function pathOf(host: ProjectHost, uri: string): string | undefined {
  const folder = host.folderOf(uri)
  return folder === undefined ? undefined : `${folder}/${decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1))}`
}
