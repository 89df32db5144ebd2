/**
 * Entries of the language status, the `{}` in the status bar of a Python file: the file's problems, the server, and what
 * counts for the file. Problems are counted here; the server is asked only for another file, or when it says so itself.
 */
import {
  type Command,
  DiagnosticSeverity,
  Disposable,
  type DocumentSelector,
  type LanguageStatusItem,
  LanguageStatusSeverity,
  l10n,
  languages,
  Uri,
  window,
  workspace,
} from 'vscode'
import { type BaseLanguageClient, State } from 'vscode-languageclient'
import { activeScript, type Script } from './activeScript.ts'

/** What the server says is used for a file. */
export interface Status {
  readonly parser: string
  readonly isExcluded: boolean
  readonly configuration: string | null
  readonly torch: {
    readonly version: string
    readonly from: 'setting' | 'file' | 'release'
    readonly file: string | null
  }
}

export function askForStatus(client: BaseLanguageClient, { uri }: Script): Promise<Status | null> {
  return client.sendRequest<Status | null>('torchlint/status', { uri: client.code2ProtocolConverter.asUri(uri) })
}

export function showStatus(client: BaseLanguageClient, selector: DocumentSelector, version: string): Disposable {
  // VS Code lists them by their ids.
  const problems = createItem('problems', selector)
  const server = createItem('server', selector)
  const settings = createItem('settings', selector)
  const torch = createItem('torch', selector)
  let status: Status | null = null
  let questions = 0

  const show = () => {
    showServer(server, client.state, version, status)
    // What is not known has no entry.
    for (const item of [problems, settings, torch]) item.selector = status ? selector : []
    if (!status) return
    showProblems(problems, activeScript(), status)
    showSettings(settings, status)
    showTorch(torch, status)
  }
  const ask = async () => {
    const question = ++questions
    const script = activeScript()
    if (client.state !== State.Running) status = null
    else if (script) {
      const answer = await askForStatus(client, script).catch(() => null)
      if (question !== questions) return
      status = answer
    }
    show()
  }
  show()
  return Disposable.from(
    ...[problems, server, settings, torch],
    client.onDidChangeState(ask),
    client.onNotification('torchlint/status/changed', ask),
    window.onDidChangeActiveTextEditor(ask),
    window.onDidChangeActiveNotebookEditor(ask),
    // A document may become one of Python while it is shown.
    workspace.onDidOpenTextDocument(document => {
      if (document === window.activeTextEditor?.document) ask()
    }),
    languages.onDidChangeDiagnostics(({ uris }) => {
      const shown = new Set(activeScript()?.texts.map(String))
      if (uris.some(uri => shown.has(String(uri)))) show()
    }),
  )
}

function createItem(name: string, selector: DocumentSelector): LanguageStatusItem {
  const item = languages.createLanguageStatusItem(`torchlint.${name}`, selector)
  item.name = 'TorchLint'
  return item
}

function showServer(item: LanguageStatusItem, state: State, version: string, status: Status | null): void {
  const stopped = state === State.Stopped
  const running = status ? `${l10n.t('Running')} · ${status.parser}` : l10n.t('Running')
  item.text = `TorchLint ${version}`
  item.busy = state === State.Starting
  item.severity = stopped ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information
  item.detail = stopped ? l10n.t('Stopped') : state === State.Running ? running : l10n.t('Starting')
  item.command = stopped
    ? { command: 'torchlint.restart', title: l10n.t('Restart') }
    : { command: 'torchlint.showOutput', title: l10n.t('Show Output') }
}

function showProblems(item: LanguageStatusItem, script: Script | undefined, { isExcluded }: Status): void {
  const found = (script?.texts ?? []).flatMap(uri => languages.getDiagnostics(uri)).filter(isOurs)
  const counts = levels.flatMap(({ severity, icon, text }) => {
    const count = found.filter(diagnostic => diagnostic.severity === severity).length
    return count > 0 ? [{ icon: `$(${icon}) ${count}`, text: text(count) }] : []
  })
  const none = isExcluded ? l10n.t('Excluded from the checks') : l10n.t('No problems')
  item.text = counts.map(({ icon }) => icon).join('  ') || none
  item.detail = l10n.t('Problems of this file')
  item.accessibilityInformation = { label: counts.map(({ text }) => text).join(', ') || none }
  item.command = { command: 'workbench.actions.view.problems', title: l10n.t('Show') }
}

function isOurs({ source }: { readonly source?: string }): boolean {
  return source === 'torchlint'
}

const levels = [
  { severity: DiagnosticSeverity.Error, icon: 'error', text: (count: number) => l10n.t('Errors: {0}', count) },
  { severity: DiagnosticSeverity.Warning, icon: 'warning', text: (count: number) => l10n.t('Warnings: {0}', count) },
  { severity: DiagnosticSeverity.Information, icon: 'info', text: (count: number) => l10n.t('Infos: {0}', count) },
]

function showSettings(item: LanguageStatusItem, { configuration }: Status): void {
  item.text = configuration === null ? l10n.t('Editor settings') : relative(configuration)
  item.detail = l10n.t('Configuration')
  item.command = configuration === null ? openSettings('@ext:torchlint.torchlint') : openFile(configuration)
}

function showTorch(item: LanguageStatusItem, { torch: { version, from, file } }: Status): void {
  item.text = `PyTorch ${version}`
  item.detail =
    file !== null
      ? relative(file)
      : from === 'setting'
        ? l10n.t('From the setting torchlint.torchVersion')
        : l10n.t('The current release, for the project names none')
  item.command = file === null ? openSettings('torchlint.torchVersion') : openFile(file)
}

function relative(uri: string): string {
  return workspace.asRelativePath(Uri.parse(uri))
}

function openFile(uri: string): Command {
  return { command: 'vscode.open', title: l10n.t('Open'), arguments: [Uri.parse(uri)] }
}

function openSettings(query: string): Command {
  return { command: 'workbench.action.openSettings', title: l10n.t('Change'), arguments: [query] }
}
