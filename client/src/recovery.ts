/** A server that crashes starts again, three times in three minutes. Then something is wrong, and the user decides. */
import { commands, l10n, window } from 'vscode'
import { type BaseLanguageClient, CloseAction, ErrorAction, type ErrorHandler, State } from 'vscode-languageclient'

const restarts = 3
const minutes = 3

/** What it has dealt with is handled: the client would say it in English. */
export function recovers(): ErrorHandler {
  let crashes: readonly number[] = []
  return {
    /** A crash may show first in what cannot be written any more. */
    error(_error, _message, count = 0) {
      if (count <= 3) return { action: ErrorAction.Continue, handled: true }
      return { action: ErrorAction.Shutdown, message: giveUp(), handled: true }
    },
    closed() {
      const now = performance.now()
      crashes = [...crashes.filter(before => now - before < minutes * 60_000), now]
      if (crashes.length <= restarts) {
        const message = l10n.t('The language server crashed and starts again')
        return { action: CloseAction.Restart, message, handled: true }
      }
      crashes = []
      return { action: CloseAction.DoNotRestart, message: giveUp(), handled: true }
    },
  }
}

/** For commands that only the server can answer: a user who asks for one hears what became of it. */
export function isThere({ state }: BaseLanguageClient): boolean {
  if (state !== State.Stopped) return true
  offerRestart(l10n.t('The language server is stopped.'))
  return false
}

/** Tells the user, who may be reading, so that nothing waits for the answer. */
function giveUp(): string {
  const message = l10n.t('The language server crashed repeatedly and stays stopped. The output has the details.')
  offerRestart(message)
  return message
}

async function offerRestart(message: string): Promise<void> {
  const actions = [
    { title: l10n.t('Restart'), command: 'torchlint.restart' },
    { title: l10n.t('Show Output'), command: 'torchlint.showOutput' },
  ]
  const chosen = await window.showErrorMessage(`TorchLint: ${message}`, ...actions)
  if (chosen) await commands.executeCommand(chosen.command)
}
