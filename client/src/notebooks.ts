/**
 * Fixing a whole notebook when it is saved. VS Code asks the first cell alone what is to be done, and that is more often
 * than not one of Markdown, of which the server knows nothing: the first Python cell answers in its place.
 */
import { CodeActionKind, type Disposable, languages, Range, workspace } from 'vscode'
import { type BaseLanguageClient, CodeActionRequest } from 'vscode-languageclient'

/** The type of notebook whose Python cells are checked. */
export const notebookType = 'jupyter-notebook'

export function fixNotebooks(client: BaseLanguageClient): Disposable {
  const markdown = { notebookType, language: 'markdown' }
  const fixAll = CodeActionKind.Empty.append('notebook.source.fixAll.torchlint')
  return languages.registerCodeActionsProvider(
    markdown,
    {
      async provideCodeActions(asked, _range, { only }, token) {
        const notebook = workspace.notebookDocuments.find(({ uri }) => uri.path === asked.uri.path)
        const cell = notebook?.getCells().find(({ document }) => document.languageId === 'python')
        if (!cell || !only?.contains(fixAll)) return []
        const { code2ProtocolConverter, protocol2CodeConverter } = client
        const params = {
          textDocument: { uri: code2ProtocolConverter.asUri(cell.document.uri) },
          range: code2ProtocolConverter.asRange(new Range(0, 0, 0, 0)),
          context: { diagnostics: [], only: [fixAll.value] },
        }
        const actions = await client.sendRequest(CodeActionRequest.type, params, token)
        return protocol2CodeConverter.asCodeActionResult(actions ?? [], token)
      },
    },
    { providedCodeActionKinds: [fixAll] },
  )
}
