/** Pages of rules, PyTorch names and concepts, read in the editor itself, offline and in the language of the findings. */
import {
  commands,
  type Diagnostic,
  Disposable,
  EventEmitter,
  l10n,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode'
import type { BaseLanguageClient, Middleware } from 'vscode-languageclient'
import { isThere } from './recovery.ts'

const scheme = 'torchlint'
const openPage = 'torchlint.openPage'

/** What a server is told that may point to the command. */
export const trustedMarkdown = { isTrusted: { enabledCommands: [openPage] } }

export function showPages(client: BaseLanguageClient): Disposable {
  const changed = new EventEmitter<Uri>()
  const pages: TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent({ path }) {
      const page = await client.sendRequest<string | null>('torchlint/page', { name: nameOf(path) })
      return page ?? l10n.t('There is no page {0}', path)
    },
  }
  return Disposable.from(
    changed,
    workspace.registerTextDocumentContentProvider(scheme, pages),
    commands.registerCommand(openPage, (name?: unknown) => open(client, name)),
    workspace.onDidChangeConfiguration(event => {
      if (!event.affectsConfiguration('torchlint.language')) return
      for (const { uri } of workspace.textDocuments) if (uri.scheme === scheme) changed.fire(uri)
    }),
  )
}

/** The link of a diagnostic leads to the web in clients that know no pages; here it opens the page. */
export const linksToPages: Middleware = {
  async provideDiagnostics(document, previousResultId, token, next) {
    const report = await next(document, previousResultId, token)
    if (report?.kind === 'full') for (const diagnostic of report.items) linkToPage(diagnostic)
    return report
  },
  handleDiagnostics(uri, diagnostics, next) {
    for (const diagnostic of diagnostics) linkToPage(diagnostic)
    next(uri, diagnostics)
  },
}

function linkToPage(diagnostic: Diagnostic): void {
  const { code } = diagnostic
  if (typeof code !== 'object') return
  const target = Uri.from({ scheme: 'command', path: openPage, query: JSON.stringify([code.value]) })
  diagnostic.code = { value: code.value, target }
}

async function open(client: BaseLanguageClient, asked: unknown): Promise<void> {
  if (!isThere(client)) return
  const name = typeof asked === 'string' ? asked : await pick(client)
  if (name === undefined) return
  const uri = Uri.from({ scheme, path: pathOf(name) })
  try {
    await commands.executeCommand('markdown.showPreview', uri)
  } catch {
    // The editor's own preview of Markdown can be switched off.
    await window.showTextDocument(uri)
  }
}

function pick(client: BaseLanguageClient): Thenable<string | undefined> {
  const placeHolder = l10n.t('A rule, a PyTorch name or a concept')
  return window.showQuickPick(client.sendRequest<string[]>('torchlint/pages'), { placeHolder })
}

/** As in the source tree, so that the links between pages work: `/rules/amp/missing-update.md`. */
function pathOf(name: string): string {
  if (name.startsWith('concepts/')) return `/${name}.md`
  return `/${name.includes('/') ? 'rules' : 'api'}/${name}.md`
}

function nameOf(path: string): string {
  return path.replace(/^\/(?:rules\/|api\/)?/, '').replace(/\.md$/, '')
}
