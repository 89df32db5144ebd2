/** What code actions are made of. */
import { type CodeAction, CodeActionKind, TextDocumentEdit, TextEdit, type WorkspaceEdit } from 'vscode-languageserver'
import type { Edit, Finding, Message } from '../analysis.ts'
import { type Language, titleIn } from '../language.ts'
import { diagnosticOf, rangeIn } from './diagnostics.ts'
import type { OpenDocument } from './documents.ts'
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

/** Names the version it was made for, so that a client refuses it for any other; older clients know only plain changes. */
export function workspaceEdit({ client }: Session, document: OpenDocument, edits: readonly Edit[]): WorkspaceEdit {
  const { uri, version } = document
  const textEdits = edits.map(edit => TextEdit.replace(rangeIn(document, edit), edit.text))
  return client.workspace?.workspaceEdit?.documentChanges
    ? { documentChanges: [TextDocumentEdit.create({ uri, version }, textEdits)] }
    : { changes: { [uri]: textEdits } }
}

/** All safe fixes of a file. An editor may run it whenever it saves. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.torchlint`
