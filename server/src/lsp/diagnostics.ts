/** Diagnostics: answered when the client asks; sent after every change to a client that cannot ask. */
import {
  type Diagnostic,
  type DiagnosticServerCancellationData,
  DiagnosticSeverity,
  DiagnosticTag,
  type DocumentDiagnosticReport,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Finding, Message, Range } from '../analysis.ts'
import { inLanguage, type Language } from '../language.ts'
import { canPull } from './abilities.ts'
import type { OpenDocument } from './documents.ts'
import { pageLink } from './pages.ts'
import { createRefresh } from './refresh.ts'
import { respond, type Session } from './session.ts'
import { chooseShown, type Shown } from './shown.ts'

export function reportDiagnostics(session: Session): void {
  const shown = chooseShown(session)
  if (canPull(session.client)) answerPulls(session, shown)
  else pushChanges(session, shown)
}

function answerPulls(session: Session, shown: Shown): void {
  const { connection, client, documents, targets, log } = session
  connection.languages.diagnostics.on(({ textDocument: { uri }, previousResultId }, token) =>
    respond<DocumentDiagnosticReport, DiagnosticServerCancellationData>(session, {
      uri,
      token,
      empty: { kind: 'full', items: [] },
      outdated: pullAgain,
      answer: (document, language) => {
        const resultId = `${shown.nameOf(document)}-${language}`
        return previousResultId === resultId
          ? { kind: 'unchanged', resultId }
          : { kind: 'full', resultId, items: allDiagnostics(session, shown, document, language) }
      },
    }),
  )
  const refresh = createRefresh(log, client.workspace?.diagnostics?.refreshSupport, () =>
    connection.languages.diagnostics.refresh(),
  )
  targets.onDidChange(refresh)
  documents.onDidForget(refresh)
  shown.onDidChange(refresh)
}

function pushChanges(session: Session, shown: Shown): void {
  const { connection, documents, targets, log } = session
  const publish = async (document: OpenDocument) => {
    const language = await targets.languageOf(document.file)
    if (documents.get(document.uri) !== document) return
    const diagnostics = log.guard([], () => allDiagnostics(session, shown, document, language))
    await connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics })
  }
  const push = (document: OpenDocument) => publish(document).catch(error => log.error(error))
  documents.onDidUpdate(push)
  shown.onDidChange(push)
  documents.onDidClose(uri => connection.sendDiagnostics({ uri, diagnostics: [] }).catch(error => log.error(error)))
}

function pullAgain(): ResponseError<DiagnosticServerCancellationData> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, 'the document has changed', { retriggerRequest: true })
}

function allDiagnostics(
  { log, targets }: Session,
  shown: Shown,
  document: OpenDocument,
  language: Language,
): Diagnostic[] {
  const { findings, notices } = shown.of(document)
  for (const { kind, message } of notices)
    if (kind !== 'analysis-gave-up') log.warn(`${document.uri}: ${inLanguage(message, language)}`)
  const { maxProblemsPerFile } = targets.of(document.file)
  return mostSevereOf(findings, maxProblemsPerFile, language, finding => diagnosticOf(finding, document, language))
}

/** At most so many problems of a file, with a note if there are more. */
export function mostSevereOf<Found extends Finding>(
  findings: readonly Found[],
  most = byDefault,
  language: Language,
  show: (finding: Found) => Diagnostic,
): Diagnostic[] {
  const shown = mostSevere(findings, most).map(show)
  return findings.length > most ? [thereAreMore(findings.length, most, language), ...shown] : shown
}

/** The most severe findings, still in source order. */
function mostSevere<Found extends Finding>(findings: readonly Found[], most: number): readonly Found[] {
  if (findings.length <= most) return findings
  const ranked = findings.toSorted((a, b) => severities[a.severity] - severities[b.severity])
  const shown = new Set(ranked.slice(0, most))
  return findings.filter(finding => shown.has(finding))
}

function thereAreMore(all: number, shown: number, language: Language): Diagnostic {
  const message: Message = {
    en: `${shown} of ${all} problems of this file are shown (torchlint.maxProblemsPerFile)`,
    zh: `此文件共有 ${all} 个问题，只显示其中 ${shown} 个（torchlint.maxProblemsPerFile）`,
  }
  return {
    range: top,
    severity: DiagnosticSeverity.Information,
    source: 'torchlint',
    message: inLanguage(message, language),
  }
}

/** How many problems of a file are shown where nobody says. */
const byDefault = 100

/** Where a file begins. */
export const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

/** One finding as editors show it. */
export function diagnosticOf(
  finding: Finding,
  document: Pick<OpenDocument, 'uri' | 'text'>,
  language: Language,
): Diagnostic {
  return {
    range: rangeIn(document, finding),
    severity: severities[finding.severity],
    code: finding.rule,
    // The client of the project opens the page itself; all others get an address.
    ...(hasPage(finding) && { codeDescription: { href: pageLink(finding.rule, false) } }),
    source: 'torchlint',
    message: inLanguage(finding.message, language),
    tags: finding.tags.map(tag => tags[tag]),
    relatedInformation: finding.related.map(({ file, message, ...range }) => ({
      location: file
        ? { uri: file.path, range: rangeOf(TextDocument.create(file.path, 'python', 0, file.text), range) }
        : { uri: document.uri, range: rangeIn(document, range) },
      message: inLanguage(message, language),
    })),
  }
}

/** What is said about comments is of no rule. */
export function hasPage({ rule }: Finding): boolean {
  return rule.includes('/')
}

export function rangeIn({ text }: Pick<OpenDocument, 'text'>, range: Range) {
  return rangeOf(text, range)
}

function rangeOf(text: TextDocument, { start, end }: Range) {
  return { start: text.positionAt(start), end: text.positionAt(end) }
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const

const tags = { deprecated: DiagnosticTag.Deprecated, unnecessary: DiagnosticTag.Unnecessary } as const
