import { type Uri, window } from 'vscode'
import { notebookType } from './notebooks.ts'

/** What the user works on: a Python file, or a notebook, whose texts are its cells. */
export interface Script {
  readonly uri: Uri
  readonly texts: readonly Uri[]
}

/** The cursor may be in a cell of Markdown, or in none. */
export function activeScript(): Script | undefined {
  const notebook = window.activeNotebookEditor?.notebook
  if (notebook?.notebookType === notebookType)
    return { uri: notebook.uri, texts: notebook.getCells().map(({ document }) => document.uri) }
  const document = window.activeTextEditor?.document
  return document?.languageId === 'python' ? { uri: document.uri, texts: [document.uri] } : undefined
}
