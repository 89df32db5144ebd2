/**
 * The statement being typed. What is new in it waits until the cursor leaves it or the file is saved; what was shown before
 * stays, and what is repaired goes at once. A client that can tell where the cursor is does so when it comes to another line,
 * by `torchlint/cursor`. Without that nothing waits.
 */
import type { Position } from 'vscode-languageserver'
import type { Finding, Range } from '../analysis.ts'
import type { OpenDocument } from './documents.ts'
import { movedOffset } from './moves.ts'
import type { Session } from './session.ts'

export interface Typing {
  /** The findings that must wait. `before`: what is shown of the version before, at its places in this one. */
  waiting(document: OpenDocument, before: readonly Finding[]): ReadonlySet<Finding>
  /** What waited in a document need not wait any more. */
  onDidEnd(listener: (document: OpenDocument) => void): void
}

interface Cursor {
  readonly uri: string
  readonly offset: number
  /** Has its line been edited since it came to the statement? An edit elsewhere is not typed. */
  readonly isTyping: boolean
  readonly isWaiting: boolean
}

/** Empty where the cursor is in none of the server's documents. */
interface Told {
  readonly uri?: string
  readonly position?: Position
}

export function followTyping({ connection, documents, log }: Session): Typing {
  const listeners: ((document: OpenDocument) => void)[] = []
  let cursor: Cursor | undefined

  const end = (next: Cursor | undefined) => {
    const left = cursor?.isWaiting ? documents.get(cursor.uri) : undefined
    cursor = next
    if (left) for (const listener of listeners) listener(left)
  }
  /** Undefined where the cursor has not typed. */
  const statement = (document: OpenDocument): Range | undefined =>
    cursor?.isTyping && cursor.uri === document.uri ? document.analyze().linesAround(cursor.offset) : undefined

  documents.onDidUpdate((document, changes) => {
    if (cursor?.uri !== document.uri) return
    for (const change of changes) {
      const offset = movedOffset(cursor.offset, change)
      const written = { start: change.start, end: change.start + change.text.length }
      cursor = { ...cursor, offset, isTyping: cursor.isTyping || isOnLineOf(document, written, offset) }
    }
  })
  documents.onDidSave(({ uri }) => {
    if (cursor?.uri === uri) end({ ...cursor, isTyping: false, isWaiting: false })
  })
  connection.onNotification('torchlint/cursor', ({ uri = '', position }: Told) =>
    log.guard(undefined, () => {
      const document = documents.get(uri)
      if (!document || !position) return end(undefined)
      const offset = document.text.offsetAt(position)
      const lines = statement(document)
      if (cursor && lines && touches(lines, { start: offset, end: offset })) cursor = { ...cursor, offset }
      else end({ uri, offset, isTyping: false, isWaiting: false })
    }),
  )

  return {
    waiting(document, before) {
      const lines = statement(document)
      if (!cursor || !lines) return new Set()
      const isNew = (finding: Finding) => !before.some(old => old.rule === finding.rule && touches(old, finding))
      const { findings } = document.analyze()
      const waiting = new Set(findings.filter(finding => touches(lines, finding) && isNew(finding)))
      cursor = { ...cursor, isWaiting: waiting.size > 0 }
      return waiting
    },
    onDidEnd: listener => listeners.push(listener),
  }
}

function touches(one: Range, other: Range): boolean {
  return one.start <= other.end && other.start <= one.end
}

function isOnLineOf({ text }: OpenDocument, { start, end }: Range, offset: number): boolean {
  const { line } = text.positionAt(offset)
  return text.positionAt(start).line <= line && line <= text.positionAt(end).line
}
