/**
 * The extension, whatever starts the server: a folder of two layers, the host (node.ts) that knows how to run a server,
 * and this file, which knows VS Code. It knows nothing of the analysis: all of that comes over the protocol.
 */
import { commands, type ExtensionContext, type LogOutputChannel, l10n, window, workspace } from 'vscode'
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient'
import { tellCursor } from './cursor.ts'
import { serveFiles } from './files.ts'
import { reportIssues } from './issue.ts'
import { logsChecks } from './log.ts'
import { showMemory } from './memory.ts'
import { fixNotebooks, notebookType } from './notebooks.ts'
import { linksToPages, showPages, trustedMarkdown } from './pages.ts'
import { recovers } from './recovery.ts'
import { showStatus } from './status.ts'
import { offerFirstSteps } from './walkthrough.ts'
import { checksWorkspace } from './workspaceCheck.ts'

/** The id is also the prefix of the settings and commands. */
export type CreateClient = (id: string, name: string, options: LanguageClientOptions) => BaseLanguageClient

/** Files, wherever the workspace has them. What else shows a file, such as the other side of a diff, is left alone. */
const schemes = new Set([
  'file',
  'untitled',
  'vscode-vfs',
  ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme),
])
const documents = [...schemes].map(scheme => ({ language: 'python', scheme }))

/** Whatever language they are taken for: without another extension VS Code knows no TOML. */
const configurationFiles = [...schemes].map(scheme => ({ scheme, pattern: '**/{torchlint,pyproject}.toml' }))

/** `host`: what the extension runs on, as users report it. */
export async function startExtension(
  context: ExtensionContext,
  createClient: CreateClient,
  host: string,
): Promise<void> {
  const output = window.createOutputChannel('TorchLint', { log: true })
  const client = createClient('torchlint', 'TorchLint', {
    documentSelector: [...documents, { notebook: notebookType, language: 'python' }, ...configurationFiles],
    outputChannel: output,
    initializationOptions: {
      opensPages: true,
      showsImages: true,
      suggestsAgain: true,
      servesFiles: true,
      hasCommands: true,
    },
    markdown: trustedMarkdown,
    middleware: logsChecks(output, linksToPages),
  })
  client.clientOptions.errorHandler = recovers()
  context.subscriptions.push(
    output,
    showStatus(client, [...documents, { notebookType, language: 'python' }], context.extension.packageJSON.version),
    showPages(client),
    fixNotebooks(client),
    showMemory(client),
    tellCursor(client),
    serveFiles(client),
    checksWorkspace(client),
    offerFirstSteps(context),
    reportIssues(context, client, host),
    commands.registerCommand('torchlint.restart', () => restart(client, output)),
    commands.registerCommand('torchlint.showOutput', () => output.show()),
    { dispose: () => client.dispose() },
  )
  await client.start()
}

async function restart(client: BaseLanguageClient, output: LogOutputChannel): Promise<void> {
  output.info(l10n.t('Restarting the language server'))
  if (client.needsStop()) await client.stop()
  await client.start()
}
