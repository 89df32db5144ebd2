/** The open documents, each kept in step with the editor edit by edit. */
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Analysis, Analyzer, Document, Edit, Finding, Fix, Settings, TextChange } from '../analysis.ts'
import { fixingEdits } from '../fixingEdits.ts'
import type { TextEvents } from './configurationTexts.ts'
import type { Log } from './log.ts'

/** One version of an open document. The next version is another object: who still holds this one can tell. */
export interface OpenDocument {
  readonly uri: string
  /** The URI of the file that it is in: its own, or for a cell that of its notebook. */
  readonly file: string
  readonly version: number
  /** Unlike the version, never given twice, even when a document is closed and opened again. */
  readonly revision: string
  /** Translates between offsets and positions. */
  readonly text: TextDocument
  /** Has its file been saved or opened since it was last edited? */
  isSaved(): boolean
  analyze(): Analysis
  readonly script: Script
  /** All safe fixes of the file, or of this text alone, as edits of this version. */
  fixes(isWanted: (finding: Finding) => boolean, extent: 'file' | 'text'): Repair
}

/** The script that a document is, or that it is a cell of. Lines count from 1. */
export interface Script {
  analyze(): Analysis
  /** The document and its line that a line of the script is. */
  place(line: number): { readonly uri: string; readonly line: number }
  /** The line of the script at which a document begins. */
  start(uri: string): number | undefined
  /** Edits of the script; undefined where its cells cannot take them. */
  repair(edits: readonly Edit[]): Repair | undefined
}

/** Edits of a document, and those of other ones, under their URIs, that belong to them. */
export type Repair = Pick<Fix, 'edits' | 'others'>

/** Each change is meant for the text that the one before it left. */
export type UpdateListener = (document: OpenDocument, changes: readonly TextChange[]) => void

export interface Documents {
  get(uri: string): OpenDocument | undefined
  all(): Iterable<OpenDocument>
  /** Files of these URIs have come, gone or changed: the analyses that looked for them begin anew. */
  forget(uris: readonly string[]): void
  /** There is a new version, or, without changes, a new analysis of the same one. */
  onDidUpdate(listener: UpdateListener): void
  onDidSave(listener: (document: OpenDocument) => void): void
  /** A new analysis that no edit of the document itself has called for. */
  onDidForget(listener: () => void): void
  onDidClose(listener: (uri: string) => void): void
  /** The settings have changed: every document becomes another version of itself. */
  renew(): void
}

export function openDocuments(
  connection: TextEvents,
  analyzer: Analyzer,
  settingsOf: (uri: string) => Settings,
  log: Log,
): Documents {
  const entries = new Map<string, { readonly source: Document; readonly document: OpenDocument }>()
  const edited = new Set<string>()
  const updated: UpdateListener[] = []
  const saved: ((document: OpenDocument) => void)[] = []
  const closed: ((uri: string) => void)[] = []
  const forgotten: (() => void)[] = []
  const start = Date.now().toString(36)
  let revisions = 0

  const set = (text: TextDocument, source: Document, changes: readonly TextChange[] = []) => {
    const document: OpenDocument = {
      uri: text.uri,
      file: text.uri,
      version: text.version,
      revision: `${start}-${revisions++}`,
      text,
      isSaved: () => !edited.has(text.uri),
      analyze: () => source.analyze(settingsOf(text.uri)),
      script: {
        analyze: () => document.analyze(),
        place: line => ({ uri: text.uri, line }),
        start: uri => (uri === text.uri ? 1 : undefined),
        repair: edits => ({ edits }),
      },
      fixes: isWanted => ({
        edits: fixingEdits(text.getText(), later => {
          const isFirst = later === source.text
          return (isFirst ? document.analyze().findings : findingsOf(later, text.uri)).filter(isWanted)
        }),
      }),
    }
    entries.set(text.uri, { source, document })
    for (const listener of updated) listener(document, changes)
  }
  /** Of a text that the document does not have, but would after some fixes. */
  const findingsOf = (text: string, uri: string): readonly Finding[] =>
    analyzer.check(text, pathOf(uri), settingsOf(uri)).findings
  const remove = (uri: string) => {
    entries.get(uri)?.source.dispose()
    entries.delete(uri)
    edited.delete(uri)
  }
  const forget = (uris: readonly string[]) => {
    for (const uri of uris) analyzer.forget(uri)
    const affected = [...entries.values()].filter(({ source }) => uris.filter(uri => source.forget(uri)).length > 0)
    for (const { document, source } of affected) set(document.text, source)
    if (affected.length > 0) for (const listener of forgotten) listener()
  }
  /** Also the way out of a change that the analysis could not follow. */
  const open = (text: TextDocument, changes?: readonly TextChange[]) => {
    entries.get(text.uri)?.source.dispose()
    set(text, analyzer.open(text.getText(), pathOf(text.uri)), changes)
  }

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) =>
    log.guard(undefined, () => {
      remove(uri)
      open(TextDocument.create(uri, languageId, version, text))
      forget([uri])
    }),
  )
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const entry = entries.get(uri)
    if (!entry) return
    const { source, document } = entry
    edited.add(uri)
    const changes: TextChange[] = []
    const followed = log.guard(false, () => {
      changes.push(...contentChanges.map(change => apply(document.text, change, version)))
      source.change(changes)
      return true
    })
    log.guard(undefined, () => {
      if (followed) set(document.text, source, changes)
      else open(document.text, changes)
      forget([uri])
    })
  })
  connection.onDidSaveTextDocument(({ textDocument: { uri } }) => {
    edited.delete(uri)
    const document = entries.get(uri)?.document
    if (document) for (const listener of saved) listener(document)
  })
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    log.guard(undefined, () => {
      remove(uri)
      forget([uri])
    })
    for (const listener of closed) listener(uri)
  })

  return {
    get: uri => entries.get(uri)?.document,
    all: () => Array.from(entries.values(), ({ document }) => document),
    forget,
    onDidUpdate: listener => updated.push(listener),
    onDidSave: listener => saved.push(listener),
    onDidForget: listener => forgotten.push(listener),
    onDidClose: listener => closed.push(listener),
    renew() {
      for (const { source, document } of [...entries.values()]) set(document.text, source)
    },
  }
}

/** A document that was never saved stands alone. */
export const pathOf = (uri: string): string | undefined => (uri.startsWith('untitled:') ? undefined : uri)

/** Applies one of the editor's changes, whose positions are those that the change before it left. */
export function apply(text: TextDocument, change: TextDocumentContentChangeEvent, version: number): TextChange {
  const range = 'range' in change ? change.range : undefined
  const start = range ? text.offsetAt(range.start) : 0
  const end = range ? text.offsetAt(range.end) : text.getText().length
  TextDocument.update(text, [change], version)
  return { start: Math.min(start, end), end: Math.max(start, end), text: change.text }
}
