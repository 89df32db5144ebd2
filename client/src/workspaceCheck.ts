/** The check of the whole workspace: the server does it, and here stands how far it is, where one click cancels it. */
import { commands, Disposable, l10n, ProgressLocation, window } from 'vscode'
import { type BaseLanguageClient, ExecuteCommandRequest, WorkDoneProgress } from 'vscode-languageclient'
import { isThere } from './recovery.ts'

const command = 'torchlint.checkWorkspace'
const clear = 'torchlint.clearWorkspaceResults'

export function checksWorkspace(client: BaseLanguageClient): Disposable {
  let checks = 0
  return Disposable.from(
    commands.registerCommand(command, () => (isThere(client) ? check(client, `${command} ${checks++}`) : undefined)),
    commands.registerCommand(clear, () =>
      isThere(client) ? client.sendRequest(ExecuteCommandRequest.type, { command: clear }) : undefined,
    ),
  )
}

function check(client: BaseLanguageClient, workDoneToken: string): Thenable<unknown> {
  const title = l10n.t('TorchLint: checking the workspace')
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (bar, token) => {
      let shown = 0
      const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, progress => {
        if (progress.kind === 'end') return
        const { percentage = shown, message = '' } = progress
        bar.report({ message, increment: percentage - shown })
        shown = percentage
      })
      try {
        return await client.sendRequest(ExecuteCommandRequest.type, { command, workDoneToken }, token)
      } finally {
        listener.dispose()
      }
    },
  )
}
