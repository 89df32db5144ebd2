/**
 * The extension, whatever starts the server: a folder of two layers, the host (node.ts) that knows how to run a server,
 * and this file, which knows VS Code. It knows nothing of the analysis: all of that comes over the protocol.
 */
import {
  commands,
  type Disposable,
  type ExtensionContext,
  type LanguageStatusItem,
  LanguageStatusSeverity,
  type LogOutputChannel,
  l10n,
  languages,
  window,
  workspace,
} from 'vscode'
import { type BaseLanguageClient, type LanguageClientOptions, State } from 'vscode-languageclient'
import { tellCursor } from './cursor.ts'
import { serveFiles } from './files.ts'
import { showMemory } from './memory.ts'
import { fixNotebooks, notebookType } from './notebooks.ts'
import { linksToPages, showPages, trustedMarkdown } from './pages.ts'
import { recovers } from './recovery.ts'

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

export async function startExtension(context: ExtensionContext, createClient: CreateClient): Promise<void> {
  const output = window.createOutputChannel('TorchLint', { log: true })
  const client = createClient('torchlint', 'TorchLint', {
    documentSelector: [...documents, { notebook: notebookType, language: 'python' }, ...configurationFiles],
    outputChannel: output,
    initializationOptions: { opensPages: true, showsImages: true, suggestsAgain: true, servesFiles: true },
    markdown: trustedMarkdown,
    middleware: linksToPages,
  })
  client.clientOptions.errorHandler = recovers()
  context.subscriptions.push(
    output,
    showStatus(client),
    showPages(client),
    fixNotebooks(client),
    showMemory(client),
    tellCursor(client),
    serveFiles(client),
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

/** An entry of the language status, the `{}` in the status bar of a Python file. */
function showStatus(client: BaseLanguageClient): Disposable {
  const item = languages.createLanguageStatusItem('torchlint.server', [
    ...documents,
    { notebookType, language: 'python' },
  ])
  item.name = 'TorchLint'
  item.text = 'TorchLint'
  show(item, client.state)
  const listener = client.onDidChangeState(({ newState }) => show(item, newState))
  return {
    dispose() {
      listener.dispose()
      item.dispose()
    },
  }
}

function show(item: LanguageStatusItem, state: State): void {
  const stopped = state === State.Stopped
  item.busy = state === State.Starting
  item.severity = stopped ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information
  item.detail = stopped ? l10n.t('Stopped') : state === State.Running ? l10n.t('Running') : l10n.t('Starting')
  item.command = stopped
    ? { command: 'torchlint.restart', title: l10n.t('Restart') }
    : { command: 'torchlint.showOutput', title: l10n.t('Show Output') }
}
