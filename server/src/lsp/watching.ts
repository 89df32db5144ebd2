/** Files whose changes the server hears of. Everything that watches registers here: a connection has one handler for all. */
import { type ClientCapabilities, type Connection, DidChangeWatchedFilesNotification } from 'vscode-languageserver'
import type { ClientFiles } from './clientFiles.ts'
import type { Log } from './log.ts'

export interface Watching {
  /**
   * Before the client is initialized. The listener hears of every change, also of what others watch; of a file that the
   * client reads, once its text is there.
   */
  watch(patterns: readonly string[], listener: (uris: readonly string[]) => void): void
  /** When the client is ready to be asked. */
  start(): void
}

export function watchFiles(connection: Connection, client: ClientCapabilities, files: ClientFiles, log: Log): Watching {
  const patterns = new Set<string>()
  const listeners: ((uris: readonly string[]) => void)[] = []
  const tell = (uris: readonly string[]) => {
    for (const listener of listeners) log.guard(undefined, () => listener(uris))
  }
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const uris = changes.map(({ uri }) => uri)
    files.renew(uris.filter(files.concerns))
    tell(uris.filter(uri => !files.concerns(uri)))
  })
  files.onDidArrive(tell)
  return {
    watch(wanted, listener) {
      for (const pattern of wanted) patterns.add(pattern)
      listeners.push(listener)
    },
    start() {
      if (patterns.size === 0 || !client.workspace?.didChangeWatchedFiles?.dynamicRegistration) return
      const watchers = [...patterns].map(globPattern => ({ globPattern }))
      connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(error => log.error(error))
    },
  }
}
