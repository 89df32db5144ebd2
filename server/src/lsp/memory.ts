/** Why the memory of the GPU runs out: a page about a document for a client of the project's own, and its changes. */
import { LSPErrorCodes, ResponseError, TextEdit } from 'vscode-languageserver'
import { type Edit, type Finding, type MemoryLinks, memoryPage } from '../analysis.ts'
import { inLanguage } from '../language.ts'
import { rangeIn } from './diagnostics.ts'
import type { OpenDocument } from './documents.ts'
import { pageLink } from './pages.ts'
import { contentModified, respond, type Session } from './session.ts'

/** Markdown; its links are commands of the client, which ask for a change by the name that it has here. */
type MemoryPage = { readonly markdown: string } | null

interface Asked {
  readonly uri?: unknown
  /** What the user pasted. */
  readonly error?: unknown
  readonly revision?: unknown
  readonly change?: unknown
}

export function answerMemoryQuestions(session: Session): void {
  const { connection, documents, log } = session
  connection.onRequest<MemoryPage, void>('torchlint/memory', ({ uri, error }: Asked, token) =>
    respond<MemoryPage>(session, {
      uri: String(uri),
      token,
      empty: null,
      outdated: contentModified,
      answer: (document, language) => {
        const report = document
          .analyze()
          .memory({ file: fileOf(document), ...(typeof error === 'string' && { error }) })
        return report ? { markdown: inLanguage(memoryPage(report, linksIn(document)), language, '\n\n---\n\n') } : null
      },
    }),
  )
  connection.onRequest('torchlint/memory/change', ({ uri, revision, change }: Asked) => {
    const document = documents.get(String(uri))
    if (!document || document.revision !== revision)
      return new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed')
    return log.guard([], () =>
      editsOf(document, change).map(edit => TextEdit.replace(rangeIn(document, edit), edit.text)),
    )
  })
}

function linksIn(document: OpenDocument): MemoryLinks {
  const { uri, revision } = document
  const change = (name: string) => command('torchlint.memory.change', [uri, revision, name])
  return {
    fix: finding => change(nameOf(finding)),
    apply: ({ id }) => change(id),
    line: line => command('torchlint.memory.line', [uri, line]),
    page: name => pageLink(name, true),
  }
}

function editsOf(document: OpenDocument, change: unknown): readonly Edit[] {
  const analysis = document.analyze()
  const fixed = analysis.findings.find(finding => nameOf(finding) === change)
  const suggestions = analysis.memory({ file: fileOf(document) })?.suggestions ?? []
  return fixed?.fix?.edits ?? suggestions.find(({ id }) => id === change)?.edits ?? []
}

/** A rule may report several mistakes at once, each at a place of its own. */
const nameOf = ({ rule, start, end }: Finding): string => `${rule} ${start} ${end}`

function command(name: string, values: readonly unknown[]): string {
  return `command:${name}?${encodeURIComponent(JSON.stringify(values))}`.replace(
    /[()']/g,
    character => `%${character.charCodeAt(0).toString(16)}`,
  )
}

function fileOf({ uri }: OpenDocument): string {
  const last = uri.split('/').at(-1) ?? uri
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
