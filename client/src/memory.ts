/** Why the memory of the GPU runs out: a page about the script that is being edited, whose changes are one click away. */
import {
  commands,
  Disposable,
  env,
  extensions,
  l10n,
  Range,
  UIKind,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode'
import { type BaseLanguageClient, LSPErrorCodes, ResponseError } from 'vscode-languageclient'
import { activeScript } from './activeScript.ts'
import { isThere } from './recovery.ts'

/** The commands that the page's links may run. */
const linked = ['torchlint.memory.change', 'torchlint.memory.line', 'torchlint.openPage']

export function showMemory(client: BaseLanguageClient): Disposable {
  let shown: Page | undefined
  const ask = async (pasted?: unknown) => {
    if (!isThere(client)) return
    const script = activeScript()?.uri ?? (shown?.panel.active ? shown.script : undefined)
    if (!script) return askForScript()
    const error = typeof pasted === 'string' ? pasted : await askForError()
    if (error === undefined) return
    shown?.panel.dispose()
    const page = openPage(client, script, error)
    shown = page
    page.panel.onDidDispose(() => {
      if (shown === page) shown = undefined
    })
    await page.refresh()
  }
  return Disposable.from(
    commands.registerCommand('torchlint.memory', ask),
    commands.registerCommand('torchlint.memory.change', async (uri: string, revision: string, change: string) => {
      const isMade = await client.sendRequest<boolean>('torchlint/memory/change', { uri, revision, change })
      // The script has moved on since the link was made.
      if (!isMade) await shown?.refresh()
    }),
    commands.registerCommand('torchlint.memory.line', (uri: string, line: number) => reveal(Uri.parse(uri), line - 1)),
    { dispose: () => shown?.panel.dispose() },
  )
}

function askForScript(): void {
  window.showInformationMessage(l10n.t('Open the Python file or notebook that trains first'))
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
  readonly script: Uri
  refresh(): Promise<void>
}

function openPage(client: BaseLanguageClient, script: Uri, error: string): Page {
  const styles = stylesFolder()
  const panel = window.createWebviewPanel(
    'torchlint.memory',
    l10n.t('Why does the GPU run out of memory?'),
    { viewColumn: ViewColumn.Beside, preserveFocus: true },
    { enableCommandUris: linked, enableFindWidget: true, localResourceRoots: styles ? [styles] : [] },
  )
  let isCurrent = true
  let isRunning = false
  let isEmpty = true
  let isClosed = false
  const write = async () => {
    // Everybody has heard of the change then, and the client has told the server.
    await new Promise(resolve => setTimeout(resolve))
    const answer = await client.sendRequest<{ readonly markdown: string } | null>('torchlint/memory', {
      ...questionAbout(client, script),
      error,
    })
    const body = answer && (await rendered(answer.markdown))
    if (isClosed) return
    if (body) {
      isEmpty = false
      panel.webview.html = html(panel, styles, body)
    } else if (isEmpty) {
      // The server knows no such script: there is no Python in the notebook.
      panel.dispose()
      askForScript()
    }
  }
  /** While an answer is on its way, all further changes together ask once more. */
  const refresh = async () => {
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
  }
  const listeners = Disposable.from(
    workspace.onDidChangeTextDocument(({ document }) => {
      if (isPartOf(script, document.uri)) refresh()
    }),
    workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
      if (contentChanges.length > 0 && isPartOf(script, notebook.uri)) refresh()
    }),
    workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('torchlint')) refresh()
    }),
  )
  panel.onDidDispose(() => {
    isClosed = true
    listeners.dispose()
  })
  return { panel, script, refresh }
}

/** A notebook is asked about as one of its cells. That a cell is the fifth, or was run as `In [5]`, only the editor knows. */
function questionAbout({ code2ProtocolConverter }: BaseLanguageClient, script: Uri): object {
  const notebook = workspace.notebookDocuments.find(({ uri }) => uri.toString() === script.toString())
  if (!notebook) return { uri: code2ProtocolConverter.asUri(script) }
  const cells = notebook.getCells().map(({ document, executionSummary }) => ({
    uri: code2ProtocolConverter.asUri(document.uri),
    language: document.languageId,
    execution: executionSummary?.executionOrder,
  }))
  return { uri: cells.find(({ language }) => language === 'python')?.uri, cells }
}

/** The address of a cell has the notebook's path. */
function isPartOf(script: Uri, { path }: Uri): boolean {
  return path === script.path
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

function isOutdated(problem: unknown): boolean {
  return problem instanceof ResponseError && problem.code === LSPErrorCodes.ContentModified
}

/** In the editor that shows it already, if there is one, rather than in the page's. */
async function reveal(uri: Uri, line: number): Promise<void> {
  const editor =
    window.visibleNotebookEditors.find(({ notebook }) => isPartOf(notebook.uri, uri)) ??
    window.visibleTextEditors.find(({ document }) => isPartOf(document.uri, uri))
  const selection = new Range(line, 0, line, 0)
  await commands.executeCommand('vscode.open', uri, { viewColumn: editor?.viewColumn ?? ViewColumn.One, selection })
}
