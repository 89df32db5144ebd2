/** The settings of a document's analysis: those of the user, and the PyTorch version that its project is meant for. */
import type { InitializeParams } from 'vscode-languageserver'
import type { Settings } from '../analysis.ts'
import type { ProjectFiles } from '../target/files.ts'
import { isSource, sourcePatterns } from '../target/sources.ts'
import { torchVersions } from '../target/torchVersion.ts'
import type { Configuration } from './configuration.ts'
import type { Watching } from './watching.ts'

/** What a host knows of the files around a document. */
export interface ProjectHost extends ProjectFiles {
  /** The path of the folder that a document is in; undefined if it is in none, such as one that was never saved. */
  folderOf(uri: string): string | undefined
}

export interface Targets {
  /** The same object for the same settings: the analysis remembers its result by it. */
  settingsOf(uri: string): Settings
  /** The settings of some document may have changed. */
  onDidChange(listener: () => void): void
}

export function readTargets(
  params: InitializeParams,
  configuration: Configuration,
  watching: Watching,
  host: ProjectHost,
): Targets {
  const roots = new Set((params.workspaceFolders ?? []).map(({ uri }) => host.folderOf(`${uri}/.`)))
  const versions = torchVersions(host, folder => roots.has(folder) || host.names(folder).includes('.git'))
  const settings = new Map<string | undefined, Settings>()
  const listeners: (() => void)[] = []

  watching.watch(sourcePatterns, uris => {
    if (!uris.some(isSource)) return
    versions.forget()
    for (const listener of listeners) listener()
  })
  configuration.onDidChangeTorchVersion(() => {
    for (const listener of listeners) listener()
  })

  return {
    settingsOf(uri) {
      const folder = host.folderOf(uri)
      const version = configuration.torchVersion() ?? (folder === undefined ? undefined : versions.of(folder))
      const known = settings.get(version) ?? (version === undefined ? {} : { torchVersion: version })
      settings.set(version, known)
      return known
    },
    onDidChange: listener => listeners.push(listener),
  }
}
