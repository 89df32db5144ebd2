/** What code actions are made of. */
import { type CodeAction, CodeActionKind, TextDocumentEdit, TextEdit, type WorkspaceEdit } from 'vscode-languageserver'
import type { Finding, Message } from '../analysis.ts'
import { type Language, titleIn } from '../language.ts'
import { diagnosticOf, rangeIn } from './diagnostics.ts'
import type { OpenDocument, Repair } from './documents.ts'
import type { Session } from './session.ts'

/** A quick fix for a finding. */
export function action(
  document: OpenDocument,
  finding: Finding,
  language: Language,
  title: Message,
  rest: Pick<CodeAction, 'edit' | 'command' | 'data'>,
): CodeAction {
  return {
    title: titleIn(title, language),
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnosticOf(finding, document, language)],
    ...rest,
  }
}

/** Names the versions it was made for, so that a client refuses it for any other; older clients know only plain changes. */
export function workspaceEdit({ client, documents }: Session, document: OpenDocument, repair: Repair): WorkspaceEdit {
  const changes = [{ document, edits: repair.edits }]
  for (const { path, edits } of repair.others ?? []) {
    const other = documents.get(path)
    if (other) changes.push({ document: other, edits })
  }
  const all = changes.map(({ document, edits }) => ({
    document,
    textEdits: edits.map(edit => TextEdit.replace(rangeIn(document, edit), edit.text)),
  }))
  return client.workspace?.workspaceEdit?.documentChanges
    ? {
        documentChanges: all.map(({ document: { uri, version }, textEdits }) =>
          TextDocumentEdit.create({ uri, version }, textEdits),
        ),
      }
    : { changes: Object.fromEntries(all.map(({ document, textEdits }) => [document.uri, textEdits])) }
}

/** All safe fixes of a file. An editor may run it whenever it saves. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.torchlint`

/** The same for all cells of a notebook. */
export const fixNotebookKind = `notebook.${fixAllKind}`
