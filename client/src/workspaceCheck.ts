/** The check of the whole workspace: the server does it, and here stands how far it is, where one click cancels it. */
import { l10n, ProgressLocation, window } from 'vscode'
import {
  type BaseLanguageClient,
  ExecuteCommandRequest,
  type Middleware,
  WorkDoneProgress,
} from 'vscode-languageclient'

const command = 'torchlint.checkWorkspace'

/** The client makes a command of each that the server offers; this one says where its progress is wanted. */
export function showsProgress(client: BaseLanguageClient): Middleware {
  let checks = 0
  return {
    executeCommand: (asked, args, next) =>
      asked === command ? check(client, `${command} ${checks++}`) : next(asked, args),
  }
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
