/** Why the memory of the GPU runs out: a page about the script that is being edited, whose changes are one click away. */
import {
  commands,
  Disposable,
  env,
  extensions,
  l10n,
  Range,
  Selection,
  type TextDocument,
  TextEditorRevealType,
  UIKind,
  Uri,
  ViewColumn,
  type WebviewPanel,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode'
import { type BaseLanguageClient, LSPErrorCodes, ResponseError, type TextEdit } from 'vscode-languageclient'

/** The commands that the page's links may run. */
const linked = ['torchlint.memory.change', 'torchlint.memory.line', 'torchlint.openPage']

export function showMemory(client: BaseLanguageClient): Disposable {
  let shown: Page | undefined
  const ask = async () => {
    const document = window.activeTextEditor?.document
    if (document?.languageId !== 'python') {
      window.showInformationMessage(l10n.t('Open the Python file that trains first'))
      return
    }
    const error = await askForError()
    if (error === undefined) return
    shown?.panel.dispose()
    const page = openPage(client, document, error)
    shown = page
    page.panel.onDidDispose(() => {
      if (shown === page) shown = undefined
    })
    await page.refresh()
  }
  return Disposable.from(
    commands.registerCommand('torchlint.memory', ask),
    commands.registerCommand('torchlint.memory.change', async (uri: string, revision: string, change: string) => {
      if (!(await apply(client, Uri.parse(uri), { uri, revision, change }))) await shown?.refresh()
    }),
    commands.registerCommand('torchlint.memory.line', (uri: string, line: number) => reveal(Uri.parse(uri), line - 1)),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (shown?.document === document) shown.refresh()
    }),
    workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('torchlint')) shown?.refresh()
    }),
    { dispose: () => shown?.panel.dispose() },
  )
}

/** The text of the error, empty without one; undefined if the user thought better of it. */
async function askForError(): Promise<string | undefined> {
  // A browser would ask for permission.
  const copied = env.uiKind === UIKind.Desktop ? await env.clipboard.readText() : ''
  const error = /out of memory|OutOfMemory/i.test(copied) ? copied : ''
  return window.showInputBox({
    title: l10n.t('Why does the GPU run out of memory?'),
    prompt: l10n.t('Paste the error message, or press Enter without one'),
    placeHolder: 'CUDA out of memory. Tried to allocate …',
    value: error.replace(/\s+/g, ' '),
    ignoreFocusOut: true,
  })
}

interface Page {
  readonly panel: WebviewPanel
  readonly document: TextDocument
  refresh(): Promise<void>
}

function openPage(client: BaseLanguageClient, document: TextDocument, error: string): Page {
  const styles = stylesFolder()
  const panel = window.createWebviewPanel(
    'torchlint.memory',
    l10n.t('Why does the GPU run out of memory?'),
    { viewColumn: ViewColumn.Beside, preserveFocus: true },
    { enableCommandUris: linked, enableFindWidget: true, localResourceRoots: styles ? [styles] : [] },
  )
  let isCurrent = true
  let isRunning = false
  const write = async () => {
    const answer = await client.sendRequest<{ readonly markdown: string } | null>('torchlint/memory', {
      uri: client.code2ProtocolConverter.asUri(document.uri),
      error,
    })
    if (answer) panel.webview.html = html(panel, styles, await rendered(answer.markdown))
  }
  return {
    panel,
    document,
    /** While an answer is on its way, all further changes together ask once more. */
    async refresh() {
      isCurrent = false
      if (isRunning) return
      isRunning = true
      try {
        while (!isCurrent) {
          isCurrent = true
          await write().catch(problem => {
            if (!isOutdated(problem)) throw problem
            isCurrent = false
          })
        }
      } finally {
        isRunning = false
      }
    },
  }
}

/** What the editor's own Markdown looks like. */
function stylesFolder(): Uri | undefined {
  const markdown = extensions.getExtension('vscode.markdown-language-features')
  return markdown && Uri.joinPath(markdown.extensionUri, 'media')
}

/** The editor renders Markdown itself, unless that is switched off. */
async function rendered(markdown: string): Promise<string> {
  try {
    return await commands.executeCommand<string>('markdown.api.render', markdown)
  } catch {
    const escaped = markdown.replace(/[&<]/g, character => (character === '&' ? '&amp;' : '&lt;'))
    return `<pre>${escaped}</pre>`
  }
}

function html({ webview }: WebviewPanel, styles: Uri | undefined, body: string): string {
  const links = ['markdown.css', 'highlight.css'].flatMap(file =>
    styles ? [`<link rel="stylesheet" href="${webview.asWebviewUri(Uri.joinPath(styles, file))}">`] : [],
  )
  const policy = `default-src 'none'; style-src ${webview.cspSource} 'unsafe-inline'; img-src data:`
  return `<!doctype html><html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">${links.join('')}
<style>.hljs-addition { color: inherit; background: var(--vscode-diffEditor-insertedLineBackground) }
.hljs-deletion { color: inherit; background: var(--vscode-diffEditor-removedLineBackground) }
td:nth-child(2) { white-space: nowrap }</style>
</head><body class="vscode-body">${body}</body></html>`
}

/** False if the document has moved on since the link was made. */
async function apply(client: BaseLanguageClient, uri: Uri, change: object): Promise<boolean> {
  const document = await workspace.openTextDocument(uri)
  const { version } = document
  try {
    const edits = await client.sendRequest<TextEdit[]>('torchlint/memory/change', change)
    if (document.version !== version) return false
    const edit = new WorkspaceEdit()
    edit.set(uri, await client.protocol2CodeConverter.asTextEdits(edits))
    return await workspace.applyEdit(edit)
  } catch (problem) {
    if (isOutdated(problem)) return false
    throw problem
  }
}

function isOutdated(problem: unknown): boolean {
  return problem instanceof ResponseError && problem.code === LSPErrorCodes.ContentModified
}

async function reveal(uri: Uri, line: number): Promise<void> {
  const visible = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString())
  const editor = await window.showTextDocument(uri, { viewColumn: visible?.viewColumn ?? ViewColumn.One })
  const { range } = editor.document.lineAt(Math.min(line, editor.document.lineCount - 1))
  editor.selection = new Selection(range.start, range.start)
  editor.revealRange(new Range(range.start, range.end), TextEditorRevealType.InCenterIfOutsideViewport)
}
