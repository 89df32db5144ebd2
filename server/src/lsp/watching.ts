/** Files whose changes the server hears of. Everything that watches registers here: a connection has one handler for all. */
import { type ClientCapabilities, type Connection, DidChangeWatchedFilesNotification } from 'vscode-languageserver'
import type { Log } from './log.ts'

export interface Watching {
  /** Before the client is initialized. The listener hears of every change, also of what others watch. */
  watch(patterns: readonly string[], listener: (uris: readonly string[]) => void): void
  /** When the client is ready to be asked. */
  start(): void
}

export function watchFiles(connection: Connection, client: ClientCapabilities, log: Log): Watching {
  const patterns = new Set<string>()
  const listeners: ((uris: readonly string[]) => void)[] = []
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const uris = changes.map(({ uri }) => uri)
    for (const listener of listeners) log.guard(undefined, () => listener(uris))
  })
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
