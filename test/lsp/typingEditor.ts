/**
 * An editor in which somebody types, faster than the server answers. It asks as VS Code does: diagnostics after every edit,
 * one request at a time, which the next edit cancels; code actions and hovers whenever it is told to and none of the kind is
 * on its way. Every answer must be about the version that was current when it was asked for.
 */
import assert from 'node:assert/strict'
import {
  CancellationTokenSource,
  CodeAction,
  CodeActionRequest,
  type Diagnostic,
  HoverRequest,
  LSPErrorCodes,
  type Range,
  ResponseError,
  TextDocumentEdit,
} from 'vscode-languageserver/node'
import { countIn, type Typist } from '../support/typist.ts'
import { type Client, uri } from './client.ts'

/** What was shown or offered, of which text, and how long it took. */
export interface Answer {
  readonly kind: 'diagnostics' | 'code actions' | 'hover'
  readonly version: number
  readonly text: string
  /** What code actions were asked for. */
  readonly line: Range
  readonly at: number
  readonly milliseconds: number
  readonly result: unknown
}

export interface TypingEditor {
  readonly counts: { sent: number; cancelled: number; applied: number; refused: number }
  edit(): Promise<void>
  offerActions(): Promise<void>
  hover(): Promise<void>
  /** The diagnostics that are shown when everything is answered. */
  settled(): Promise<readonly Diagnostic[]>
}

export function createTypingEditor(
  client: Pick<Client, 'connection' | 'change' | 'pull'>,
  typist: Typist,
  onAnswer: (answer: Answer) => void,
): TypingEditor {
  const { connection } = client
  const counts = { sent: 0, cancelled: 0, applied: 0, refused: 0 }
  const textDocument = { uri }
  const open = new Map<string, CancellationTokenSource>()
  let pulling: Promise<void> | undefined
  let pullsAgain = false
  let resultId: string | undefined
  let shown: readonly Diagnostic[] = []
  let line = -1

  /** Undefined for an answer that nobody wants any more. */
  const ask = async <Result>(
    kind: Answer['kind'],
    send: (token: CancellationTokenSource['token']) => Promise<Result>,
  ): Promise<Result | undefined> => {
    const source = new CancellationTokenSource()
    const { version, text } = typist
    const line = lineOf(typist)
    const start = performance.now()
    open.set(kind, source)
    counts.sent++
    try {
      const result = await send(source.token)
      if (!source.token.isCancellationRequested) {
        onAnswer({ kind, version, text, line, at: start, milliseconds: performance.now() - start, result })
        return result
      }
    } catch (error) {
      assert.ok(error instanceof ResponseError && refusals.has(error.code), String(error))
    } finally {
      open.delete(kind)
    }
    counts.cancelled++
    return undefined
  }

  const pull = async (): Promise<void> => {
    do {
      pullsAgain = false
      const { count } = typist
      const report = await ask('diagnostics', token => client.pull(resultId, token))
      if (report === undefined) pullsAgain = true
      else if (report.kind === 'full') {
        assertCurrent(report.items, count)
        shown = report.items
      }
      resultId = report?.resultId ?? resultId
    } while (pullsAgain)
    pulling = undefined
  }
  const refresh = () => {
    if (pulling) {
      pullsAgain = true
      open.get('diagnostics')?.cancel()
    } else pulling = pull()
  }
  const edit = async (): Promise<void> => {
    const change = typist.edit()
    const sent = client.change(typist.version, change)
    refresh()
    const position = typist.cursor
    if (position.line !== line) await connection.sendNotification('torchlint/cursor', { uri, position })
    line = position.line
    await sent
  }

  return {
    counts,
    edit,
    async offerActions() {
      if (open.has('code actions')) return
      const { version, count } = typist
      const params = { textDocument, range: lineOf(typist), context: { diagnostics: [] } }
      const answer = await ask('code actions', token => connection.sendRequest(CodeActionRequest.type, params, token))
      for (const action of answer ?? []) {
        if (!CodeAction.is(action)) continue
        assertCurrent(action.diagnostics ?? [], count)
        const [change, ...others] = (action.edit?.documentChanges ?? []).filter(change => TextDocumentEdit.is(change))
        if (!change || others.length > 0 || !action.isPreferred) continue
        assert.equal(change.textDocument.version, version)
        const [fix, ...more] = change.edits
        if (version !== typist.version) counts.refused++
        else if (fix && 'newText' in fix && more.length === 0) {
          counts.applied++
          typist.interject(fix)
          await edit()
          return
        }
      }
    },
    async hover() {
      if (open.has('hover')) return
      const lines = typist.text.split('\n')
      const line = lines.findIndex(text => countIn(text) !== undefined)
      const position = { line, character: (lines[line] ?? '').indexOf('count_') }
      const hover = await ask('hover', token =>
        connection.sendRequest(HoverRequest.type, { textDocument, position }, token),
      )
      assert.ok(hover === undefined || hover, 'a hover over the misspelled flag')
    },
    async settled() {
      while (pulling) await pulling
      refresh()
      await pulling
      return shown
    },
  }
}

/** The misspelled flag tells which text was meant; it may wait while the cursor is in it. */
function assertCurrent(diagnostics: readonly Diagnostic[], count: number): void {
  const told = diagnostics.map(({ message }) => countIn(String(message))).filter(told => told !== undefined)
  assert.ok(
    told.every(told => told === count),
    `an answer about ${told} when ${count} was asked for`,
  )
}

/** As far as the cursor. */
function lineOf({ cursor }: Typist): Range {
  return { start: { ...cursor, character: 0 }, end: cursor }
}

/** What a client hears whose document moved on. */
const refusals: ReadonlySet<number> = new Set([
  LSPErrorCodes.RequestCancelled,
  LSPErrorCodes.ServerCancelled,
  LSPErrorCodes.ContentModified,
])
