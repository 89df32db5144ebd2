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
  /** Of a file or a folder in a folder of the workspace; a folder's path ends in a slash. */
  ofPath(path: string): FileSettings
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

  const ofBoth = (uri: string, path: string | undefined): FileSettings => {
    const { options, folder } = configuration.optionsOf(uri)
    const user = { options, folder: folder === undefined ? undefined : pathOfFolder(host, folder), origin: editor }
    return project.of(path, [user])
  }
  const of = (uri: string): FileSettings => ofBoth(uri, pathOf(host, uri))
  const foldersByPath = (): ReadonlyMap<string, string> =>
    new Map(
      configuration.folders().flatMap(uri => {
        const path = pathOfFolder(host, uri)
        return path === undefined ? [] : [[path, uri]]
      }),
    )
  return {
    of,
    ofPath(path) {
      const folders = foldersByPath()
      const folder = innermost(path, folders.keys())
      return ofBoth(`${(folder === undefined ? undefined : folders.get(folder)) ?? ''}/`, path)
    },
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

/** The folder that a path is in, and of several the one farthest down. */
export function innermost(path: string, folders: Iterable<string>): string | undefined {
  const around = [...folders].filter(folder => path.startsWith(`${folder}/`))
  return around.reduce<string | undefined>((a, b) => (a !== undefined && a.length > b.length ? a : b), undefined)
}

/** Undefined for what is in no file of this machine. */
export function pathOf(host: ProjectHost, uri: string): string | undefined {
  const folder = host.folderOf(uri)
  return folder === undefined ? undefined : `${folder}/${decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1))}`
}
