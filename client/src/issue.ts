/** Reporting an issue: everything that is needed is filled in, and nothing is sent but by the user, who sees it. */
import { commands, type Disposable, type ExtensionContext, env, l10n, UIKind, Uri, version } from 'vscode'
import { type BaseLanguageClient, State } from 'vscode-languageclient'
import { activeScript } from './activeScript.ts'
import { issueBody } from './issueBody.ts'
import { askForStatus } from './status.ts'

/** `host`: what the extension runs on. */
export function reportIssues({ extension }: ExtensionContext, client: BaseLanguageClient, host: string): Disposable {
  return commands.registerCommand('torchlint.reportIssue', async () => {
    const script = activeScript()
    const status =
      script && client.state === State.Running ? await askForStatus(client, script).catch(() => null) : null
    const { repository, version: own } = extension.packageJSON
    const headings = [
      l10n.t('What happens, and what should happen instead?'),
      l10n.t('A short script that shows it'),
      l10n.t('What is used'),
    ] as const
    const editor = `${env.appName} ${version} (${[env.appHost, env.remoteName].filter(Boolean).join(', ')})`
    const body = issueBody(headings, { version: own, editor, host, language: env.language, status })
    await open(extension.id, repository.url.replace(/\.git$/, ''), body)
  })
}

/** The reporter of a desktop VS Code; one in a browser opens the address of new issues, but leaves the text out. */
async function open(extensionId: string, repository: string, issueBody: string): Promise<void> {
  const web = Uri.parse(`${repository}/issues/new`).with({ query: `body=${issueBody}` })
  if (env.uiKind === UIKind.Web) {
    await env.openExternal(web)
    return
  }
  try {
    await commands.executeCommand('workbench.action.openIssueReporter', { extensionId, issueBody })
  } catch {
    // Not every relative of VS Code has a reporter.
    await env.openExternal(web)
  }
}
