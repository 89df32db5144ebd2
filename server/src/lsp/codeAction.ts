/** Code actions: one quick fix for each finding that has one. */
import {
  type CodeAction,
  CodeActionKind,
  type Range,
  TextDocumentEdit,
  TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver'
import type { Edit, Finding, Fix } from '../analysis.ts'
import { type Language, titleIn } from '../language.ts'
import { diagnosticOf, rangeIn } from './diagnostics.ts'
import type { OpenDocument } from './documents.ts'
import { contentModified, respond, type Session } from './session.ts'

export function answerCodeActions(session: Session): void {
  session.connection.onCodeAction(({ textDocument: { uri }, range, context }, token) =>
    respond<CodeAction[]>(session, {
      uri,
      token,
      empty: [],
      outdated: contentModified,
      answer: (document, language) =>
        wantsQuickFixes(context.only) ? quickFixes(session, document, range, language) : [],
    }),
  )
}

/** Kinds contain each other: who asks for `` or `quickfix` asks for quick fixes. */
function wantsQuickFixes(only: readonly string[] | undefined): boolean {
  return only === undefined || only.some(kind => kind === CodeActionKind.Empty || kind === CodeActionKind.QuickFix)
}

function quickFixes(session: Session, document: OpenDocument, range: Range, language: Language): CodeAction[] {
  const start = document.text.offsetAt(range.start)
  const end = document.text.offsetAt(range.end)
  return document
    .analyze()
    .findings.filter(finding => finding.start <= end && start <= finding.end)
    .flatMap(finding => (finding.fix ? [quickFix(session, document, finding, finding.fix, language)] : []))
}

function quickFix(
  session: Session,
  document: OpenDocument,
  finding: Finding,
  fix: Fix,
  language: Language,
): CodeAction {
  return {
    title: titleIn(fix.title, language),
    kind: CodeActionKind.QuickFix,
    isPreferred: fix.safe,
    diagnostics: [diagnosticOf(finding, document, language)],
    edit: workspaceEdit(session, document, fix.edits),
  }
}

/** Names the version it was made for, so that a client refuses it for any other; older clients know only plain changes. */
function workspaceEdit({ client }: Session, document: OpenDocument, edits: readonly Edit[]): WorkspaceEdit {
  const { uri, version } = document
  const textEdits = edits.map(edit => TextEdit.replace(rangeIn(document, edit), edit.text))
  return client.workspace?.workspaceEdit?.documentChanges
    ? { documentChanges: [TextDocumentEdit.create({ uri, version }, textEdits)] }
    : { changes: { [uri]: textEdits } }
}
