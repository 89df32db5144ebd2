/** Why the memory of the GPU runs out: a page about a script for a client of the project's own, and its changes. */
import type { Command, WorkspaceEdit } from 'vscode-languageserver'
import { type Edit, type Finding, type MemoryLinks, memoryPage } from '../analysis.ts'
import { inLanguage } from '../language.ts'
import { workspaceEdit } from './actions.ts'
import type { OpenDocument } from './documents.ts'
import { pageLink } from './pages.ts'
import { contentModified, respond, type Session } from './session.ts'

/** Markdown; its links are commands of the client, which ask for a change by the name that it has here. */
type MemoryPage = { readonly markdown: string } | null

interface Asked {
  /** Of a notebook any cell. */
  readonly uri?: unknown
  /** What the user pasted. */
  readonly error?: unknown
  /** All cells of the notebook, those of other languages too. */
  readonly cells?: readonly Cell[]
  readonly revision?: unknown
  readonly change?: unknown
}

interface Cell {
  readonly uri: string
  /** The number that it was last run as. */
  readonly execution?: number
}

export function answerMemoryQuestions(session: Session): void {
  const { connection, documents, log } = session
  connection.onRequest<MemoryPage, void>('torchlint/memory', ({ uri, error, cells }: Asked, token) =>
    respond<MemoryPage>(session, {
      uri: String(uri),
      token,
      empty: null,
      outdated: contentModified,
      answer: (document, language) => {
        const { script } = document
        const report = script.analyze().memory({
          file: fileOf(document),
          ...(typeof error === 'string' && { error }),
          cellStart: execution => script.start(cells?.find(cell => cell.execution === execution)?.uri ?? ''),
        })
        const links = linksIn(document, cells)
        return report ? { markdown: inLanguage(memoryPage(report, links), language, '\n\n---\n\n') } : null
      },
    }),
  )
  /** Whether the change was made. The client refuses it for other versions than those that it was made for. */
  connection.onRequest<boolean, void>('torchlint/memory/change', async ({ uri, revision, change }: Asked) => {
    const document = documents.get(String(uri))
    if (document?.revision !== revision || !document) return false
    const edit = log.guard(undefined, () => editOf(session, document, change))
    return edit !== undefined && (await connection.workspace.applyEdit(edit)).applied
  })
}

/** Opens the page in a client that can. */
export const memoryCommand: Command = { title: 'memory', command: 'torchlint.memory' }

function linksIn(document: OpenDocument, cells: Asked['cells']): MemoryLinks {
  const { uri, revision, script } = document
  const change = (name: string, edits: readonly Edit[] | undefined) =>
    edits && script.repair(edits) ? command('torchlint.memory.change', [uri, revision, name]) : undefined
  return {
    fix: finding => change(nameOf(finding), finding.fix?.edits),
    apply: ({ id, edits }) => change(id, edits),
    line(line) {
      const place = script.place(line)
      return command('torchlint.memory.line', [place.uri, place.line])
    },
    page: name => pageLink(name, true),
    ...(cells && {
      cell(line) {
        const place = script.place(line)
        return { cell: cells.findIndex(cell => cell.uri === place.uri) + 1, line: place.line }
      },
    }),
  }
}

function editOf(session: Session, document: OpenDocument, change: unknown): WorkspaceEdit | undefined {
  const { script } = document
  const analysis = script.analyze()
  const fixed = analysis.findings.find(finding => nameOf(finding) === change)
  const suggestions = analysis.memory({ file: fileOf(document) })?.suggestions ?? []
  const edits = fixed?.fix?.edits ?? suggestions.find(({ id }) => id === change)?.edits
  const repair = edits && script.repair(edits)
  return repair && workspaceEdit(session, document, repair)
}

/** A rule may report several mistakes at once, each at a place of its own. */
const nameOf = ({ rule, start, end }: Finding): string => `${rule} ${start} ${end}`

function command(name: string, values: readonly unknown[]): string {
  return `command:${name}?${encodeURIComponent(JSON.stringify(values))}`.replace(
    /[()']/g,
    character => `%${character.charCodeAt(0).toString(16)}`,
  )
}

function fileOf({ file }: OpenDocument): string {
  const last = file.split('/').at(-1) ?? file
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
