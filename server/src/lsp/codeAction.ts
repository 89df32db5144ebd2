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
import { action, fixAllKind, fixNotebookKind, workspaceEdit } from './actions.ts'
import { configurationFixes } from './configurationFixes.ts'
import { hasPage } from './diagnostics.ts'
import type { OpenDocument } from './documents.ts'
import { ignoringActions } from './ignoring.ts'
import { memoryCommand } from './memory.ts'
import { pageCommand } from './pages.ts'
import { contentModified, respond, type Session } from './session.ts'
import type { ProjectHost } from './targets.ts'

export function answerCodeActions(session: Session, host: ProjectHost): void {
  const { connection, configurations, documents, targets, log } = session
  connection.onCodeAction(async ({ textDocument: { uri }, range, context: { only } }, token) => {
    if (configurations.get(uri)) {
      const language = await targets.languageOf(uri)
      const current = configurations.get(uri)
      if (!current || !wants(only, CodeActionKind.QuickFix)) return []
      return [...configurationFixes(session, current, range, language)]
    }
    return respond<CodeAction[]>(session, {
      uri,
      token,
      empty: [],
      outdated: contentModified,
      answer: (document, language) => [
        ...(wants(only, CodeActionKind.QuickFix) ? quickFixes(session, host, document, range, language) : []),
        // Nobody sees it who has not asked for it, and it is not cheap.
        ...(only && wants(only, fixAllKind) ? fixAll(session, document, fixAllKind, language) : []),
        ...(only && isCell(document) && wants(only, fixNotebookKind)
          ? fixAll(session, document, fixNotebookKind, language)
          : []),
      ],
    })
  })
  connection.onCodeActionResolve(action => {
    const { uri, revision, rule }: Partial<Resolvable> = action.data ?? {}
    const document = documents.get(uri ?? '')
    if (document?.revision !== revision || !document)
      return new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed')
    return log.guard(action, () => ({ ...action, edit: fixesOf(session, document, 'file', rule) }))
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
    ...(session.opensPages ? here.filter(({ rule }) => rule.startsWith('memory/')).slice(0, 1) : []).map(finding =>
      action(document, finding, language, titles.memory, { command: memoryCommand }),
    ),
  ]
}

function fixOf(session: Session, document: OpenDocument, finding: Finding, language: Language): readonly CodeAction[] {
  const { fix } = finding
  if (!fix) return []
  const edit = workspaceEdit(session, document, fix)
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
  const rest = isResolved ? { data } : { edit: fixesOf(session, document, 'file', rule) }
  return [action(document, finding, language, titles.allOfRule(rule, fixable.length), rest)]
}

/** Of a notebook an editor asks for each cell, or once for all of them. */
function fixAll(session: Session, document: OpenDocument, kind: string, language: Language): readonly CodeAction[] {
  const edit = fixesOf(session, document, kind === fixAllKind ? 'text' : 'file')
  return changesNothing(edit) ? [] : [{ title: titleIn(titles.all, language), kind, edit }]
}

function changesNothing({ documentChanges, changes = {} }: WorkspaceEdit): boolean {
  const edits =
    documentChanges?.flatMap(change => ('edits' in change ? change.edits : [])) ?? Object.values(changes).flat()
  return edits.length === 0
}

function isCell({ uri, file }: OpenDocument): boolean {
  return uri !== file
}

function fixesOf(session: Session, document: OpenDocument, extent: 'file' | 'text', rule?: string): WorkspaceEdit {
  const isWanted = (finding: Finding) => rule === undefined || finding.rule === rule
  return workspaceEdit(session, document, document.fixes(isWanted, extent))
}

const titles = {
  all: { en: 'Fix all that TorchLint can fix safely', zh: '修复所有可安全修复的 TorchLint 问题' },
  allOfRule: (rule: string, count: number): Message => ({
    en: `Fix all ${count} problems of ${rule} in this file`,
    zh: `修复此文件中的全部 ${count} 个 ${rule} 问题`,
  }),
  memory: { en: 'Why does the GPU run out of memory?', zh: '为什么显存不足？' },
  page: (rule: string): Message => ({ en: `Open the page of ${rule}`, zh: `打开 ${rule} 的文档页` }),
}
