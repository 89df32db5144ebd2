/**
 * The statement being typed. What is new in it waits until the cursor leaves it or the file is saved; what was shown before
 * stays, and what is repaired goes at once. A client that can tell where the cursor is does so when it comes to another line,
 * by `torchlint/cursor`. Without that nothing waits.
 */
import type { Position } from 'vscode-languageserver'
import type { Finding, Range, TextChange } from '../analysis.ts'
import type { OpenDocument } from './documents.ts'
import { movedOffset } from './moves.ts'
import type { Session } from './session.ts'

export interface Typing {
  /** The findings that must wait. `before`: what is shown of the version before, at its places in this one. */
  waiting(document: OpenDocument, before: readonly Finding[]): ReadonlySet<Finding>
  /** What waits in a document need perhaps not wait any more. */
  onDidMove(listener: (document: OpenDocument) => void): void
}

interface Cursor {
  readonly uri: string
  readonly offset: number
  /** Where the line of the cursor was last edited, in a statement that it has perhaps left. An edit elsewhere is not typed. */
  readonly typed?: number | undefined
  /** What was last answered left something out. */
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

  /** No analysis, for many lines may be typed before anybody asks: who then asks learns what still waits. */
  const move = (next: Cursor | undefined) => {
    const left = cursor?.isWaiting ? documents.get(cursor.uri) : undefined
    cursor = next
    if (left) for (const listener of listeners) listener(left)
  }

  documents.onDidUpdate((document, changes) => {
    for (const change of changes) if (cursor?.uri === document.uri) cursor = afterEdit(cursor, document, change)
  })
  documents.onDidSave(({ uri }) => {
    if (cursor?.uri === uri) move({ uri, offset: cursor.offset, isWaiting: false })
  })
  connection.onNotification('torchlint/cursor', ({ uri = '', position }: Told) =>
    log.guard(undefined, () => {
      const document = documents.get(uri)
      const typed = cursor?.uri === uri ? cursor.typed : undefined
      move(document && position && { uri, offset: document.text.offsetAt(position), typed, isWaiting: false })
    }),
  )

  return {
    waiting(document, before) {
      if (cursor?.uri !== document.uri || cursor.typed === undefined) return new Set()
      const { findings, linesAround } = document.analyze()
      const lines = linesAround(cursor.typed)
      const isLeft = !touches(lines, { start: cursor.offset, end: cursor.offset })
      const isNew = (finding: Finding) => !before.some(old => old.rule === finding.rule && touches(old, finding))
      const waiting = new Set(isLeft ? [] : findings.filter(finding => touches(lines, finding) && isNew(finding)))
      cursor = { ...cursor, typed: isLeft ? undefined : cursor.typed, isWaiting: waiting.size > 0 }
      return waiting
    },
    onDidMove: listener => listeners.push(listener),
  }
}

function afterEdit(before: Cursor, document: OpenDocument, change: TextChange): Cursor {
  const offset = movedOffset(before.offset, change)
  const written = { start: change.start, end: change.start + change.text.length }
  const elsewhere = before.typed === undefined ? undefined : movedOffset(before.typed, change)
  return { ...before, offset, typed: isOnLineOf(document, written, offset) ? offset : elsewhere }
}

function touches(one: Range, other: Range): boolean {
  return one.start <= other.end && other.start <= one.end
}

function isOnLineOf({ text }: OpenDocument, { start, end }: Range, offset: number): boolean {
  const { line } = text.positionAt(offset)
  return text.positionAt(start).line <= line && line <= text.positionAt(end).line
}
