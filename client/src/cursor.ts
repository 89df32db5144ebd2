/**
 * Tells the server where the cursor is, so that what is new in a statement is not shown before it is written. Only another
 * line is worth a message: letters are typed without any.
 */
import { Disposable, type TextEditor, window } from 'vscode'
import { type BaseLanguageClient, State } from 'vscode-languageclient'

export function tellCursor(client: BaseLanguageClient): Disposable {
  let told = ''
  const tell = (editor: TextEditor | undefined) => {
    const { document, selection } = editor ?? {}
    const isPython = document?.languageId === 'python'
    const where = isPython ? `${document.uri} ${selection?.active.line}` : ''
    if (where === told || client.state !== State.Running) return
    told = where
    const { asUri, asPosition } = client.code2ProtocolConverter
    const place = isPython && selection && { uri: asUri(document.uri), position: asPosition(selection.active) }
    client.sendNotification('torchlint/cursor', place || {})
  }
  /** A server that has just started must have the documents first. */
  const tellAnew = async () => {
    await client.start()
    told = ''
    tell(window.activeTextEditor)
  }
  return Disposable.from(
    window.onDidChangeActiveTextEditor(tell),
    window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (textEditor === window.activeTextEditor) tell(textEditor)
    }),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) tellAnew()
    }),
  )
}
