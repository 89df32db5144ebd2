/** Code actions: first the fixes of what stands at the cursor, then what else can be done about it. */
import {
  type CodeAction,
  CodeActionKind,
  LSPErrorCodes,
  type Range,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver'
import type { Finding, Message } from '../analysis.ts'
import { type Language, titleIn } from '../language.ts'
import { action, fixAllKind, workspaceEdit } from './actions.ts'
import { hasPage } from './diagnostics.ts'
import type { OpenDocument } from './documents.ts'
import { ignoringActions } from './ignoring.ts'
import { pageCommand } from './pages.ts'
import { contentModified, respond, type Session } from './session.ts'
import type { ProjectHost } from './targets.ts'

export function answerCodeActions(session: Session, host: ProjectHost): void {
  const { connection, documents, log } = session
  connection.onCodeAction(({ textDocument: { uri }, range, context: { only } }, token) =>
    respond<CodeAction[]>(session, {
      uri,
      token,
      empty: [],
      outdated: contentModified,
      answer: (document, language) => [
        ...(wants(only, CodeActionKind.QuickFix) ? quickFixes(session, host, document, range, language) : []),
        // Nobody sees it who has not asked for it, and it is not cheap.
        ...(only && wants(only, fixAllKind) ? fixAll(session, document, language) : []),
      ],
    }),
  )
  connection.onCodeActionResolve(action => {
    const { uri, revision, rule }: Partial<Resolvable> = action.data ?? {}
    const document = documents.get(uri ?? '')
    if (document?.revision !== revision || !document)
      return new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed')
    return log.guard(action, () => ({ ...action, edit: fixesOf(session, document, rule) }))
  })
}

/** Kinds contain each other: who asks for `` or `source` asks for `source.fixAll.torchlint`. */
function wants(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined || only.some(wanted => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`))
}

function quickFixes(
  session: Session,
  host: ProjectHost,
  document: OpenDocument,
  range: Range,
  language: Language,
): CodeAction[] {
  const start = document.text.offsetAt(range.start)
  const end = document.text.offsetAt(range.end)
  const { findings } = document.analyze()
  const here = findings.filter(finding => finding.start <= end && start <= finding.end)
  const rules = new Map(here.map(finding => [finding.rule, finding]))
  return [
    ...here.flatMap(finding => fixOf(session, document, finding, language)),
    ...[...rules.values()].flatMap(finding => fixAllOfRule(session, document, findings, finding, language)),
    ...here.filter(hasPage).flatMap(finding => ignoringActions(session, host, document, finding, language)),
    ...(session.opensPages ? [...rules.values()].filter(hasPage) : []).map(finding =>
      action(document, finding, language, titles.page(finding.rule), { command: pageCommand(finding.rule) }),
    ),
  ]
}

function fixOf(session: Session, document: OpenDocument, finding: Finding, language: Language): readonly CodeAction[] {
  const { fix } = finding
  if (!fix) return []
  const edit = workspaceEdit(session, document, fix.edits)
  return [{ ...action(document, finding, language, fix.title, { edit }), isPreferred: fix.safe }]
}

interface Resolvable {
  readonly uri: string
  readonly revision: string
  readonly rule: string
}

/** Offered where there is more to fix than the one finding. The edits are found when they are wanted, if the client lets us. */
function fixAllOfRule(
  session: Session,
  document: OpenDocument,
  findings: readonly Finding[],
  finding: Finding,
  language: Language,
): readonly CodeAction[] {
  const { rule } = finding
  const fixable = findings.filter(other => other.rule === rule && other.fix?.safe)
  if (fixable.length < 2) return []
  const data: Resolvable = { uri: document.uri, revision: document.revision, rule }
  const { resolveSupport } = session.client.textDocument?.codeAction ?? {}
  const isResolved = resolveSupport?.properties.includes('edit')
  const rest = isResolved ? { data } : { edit: fixesOf(session, document, rule) }
  return [action(document, finding, language, titles.allOfRule(rule, fixable.length), rest)]
}

function fixAll(session: Session, document: OpenDocument, language: Language): readonly CodeAction[] {
  if (!document.analyze().findings.some(({ fix }) => fix?.safe)) return []
  return [{ title: titleIn(titles.all, language), kind: fixAllKind, edit: fixesOf(session, document) }]
}

function fixesOf(session: Session, document: OpenDocument, rule?: string): WorkspaceEdit {
  const isWanted = (finding: Finding) => rule === undefined || finding.rule === rule
  return workspaceEdit(session, document, document.fixes(isWanted))
}

const titles = {
  all: { en: 'Fix all that TorchLint can fix safely', zh: '修复所有可安全修复的 TorchLint 问题' },
  allOfRule: (rule: string, count: number): Message => ({
    en: `Fix all ${count} problems of ${rule} in this file`,
    zh: `修复此文件中的全部 ${count} 个 ${rule} 问题`,
  }),
  page: (rule: string): Message => ({ en: `Open the page of ${rule}`, zh: `打开 ${rule} 的文档页` }),
}
