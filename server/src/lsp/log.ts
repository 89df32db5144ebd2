/** Tells the client's log what went wrong: everything once, however often it happens. */
import type { Connection } from 'vscode-languageserver'

export interface Log {
  /** Runs a handler; what it throws is logged, and `empty` stands for its answer. */
  guard<Answer>(empty: Answer, handler: () => Answer): Answer
  error(error: unknown): void
  warn(text: string): void
}

export function createLog(connection: Connection): Log {
  const said = new Set<string>()
  const once = (text: string, say: (text: string) => void) => {
    if (said.has(text)) return
    said.add(text)
    say(text)
  }
  const log: Log = {
    guard(empty, handler) {
      try {
        return handler()
      } catch (error) {
        log.error(error)
        return empty
      }
    },
    error: error =>
      once(error instanceof Error ? (error.stack ?? error.message) : String(error), text =>
        connection.console.error(text),
      ),
    warn: text => once(text, warning => connection.console.warn(warning)),
  }
  return log
}
