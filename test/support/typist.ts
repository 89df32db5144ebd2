/**
 * Somebody who edits a script, the same each time: types mistakes letter by letter and erases them again, now and then cuts
 * some lines and pastes them back. Whenever a statement is done, a misspelled flag near the top is counted up, by which an
 * answer about the text tells of which state it is.
 */
import type { Position, TextDocumentContentChangeEvent, TextEdit } from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'

export interface Typist {
  readonly text: string
  readonly cursor: Position
  readonly version: number
  /** What the flag has counted to. */
  readonly count: number
  /** The next edit, which is the next version. */
  edit(): TextDocumentContentChangeEvent
  /** The next two edits are this one and its inverse. */
  interject(edit: TextEdit): void
}

/** What the flag had counted to in the text that a message is about. */
export function countIn(message: string): number | undefined {
  const [, count] = /\bcount_(\d+)/.exec(message) ?? []
  return count === undefined ? undefined : Number(count)
}

export function createTypist(script: string, seed: number): Typist {
  const random = randomNumbers(seed)
  const pick = (count: number) => Math.floor(random() * count)
  const [head = '', ...rest] = script.split(/^(?=import torch$)/m)
  const body = rest.join('').split('\n')
  const document = TextDocument.create('', 'python', 1, [head + body[0], flag(1), ...body.slice(1)].join('\n'))
  const counter = document.getText().split('\n').indexOf(flag(1))
  const cursor = { line: counter + 1, character: 0 }
  let count = 1
  const steps = endlessSteps()
  const interjected: TextDocumentContentChangeEvent[] = []

  function* endlessSteps(): Generator<TextDocumentContentChangeEvent, never> {
    for (;;) {
      if (pick(10) === 0) yield* cutAndPaste()
      else yield* typeAndErase()
      const start = document.offsetAt({ line: counter, character: 0 })
      const before = flag(count)
      count++
      yield replace(start, start + before.length, flag(count))
    }
  }
  function* typeAndErase(): Generator<TextDocumentContentChangeEvent> {
    const line = lowerLine(1)
    const before = lineAt(line)
    const written = `\n${/^\s*/.exec(before)?.[0] ?? ''}${mistakes[pick(mistakes.length)]}`
    const start = document.offsetAt({ line, character: before.length })
    for (const [index, letter] of [...written].entries()) yield replace(start + index, start + index, letter)
    for (let end = start + written.length; end > start; end--) yield replace(end - 1, end, '')
  }
  function* cutAndPaste(): Generator<TextDocumentContentChangeEvent> {
    const line = lowerLine(20)
    const start = document.offsetAt({ line, character: 0 })
    const end = document.offsetAt({ line: line + 5 + pick(15), character: 0 })
    const cut = document.getText().slice(start, end)
    yield replace(start, end, '')
    yield replace(start, start, cut)
  }
  /** Below the counter, which all edits so far have left as long as it was. */
  const lowerLine = (above: number) => counter + 1 + pick(document.lineCount - counter - 1 - above)
  const lineAt = (line: number) => document.getText().split('\n')[line] ?? ''
  const replace = (start: number, end: number, text: string): TextDocumentContentChangeEvent => ({
    range: { start: document.positionAt(start), end: document.positionAt(end) },
    text,
  })

  return {
    get text() {
      return document.getText()
    },
    get cursor() {
      return { ...cursor }
    },
    get version() {
      return document.version
    },
    get count() {
      return Number(countIn(document.getText()))
    },
    edit() {
      const change = interjected.shift() ?? steps.next().value
      const start = 'range' in change ? document.offsetAt(change.range.start) : 0
      TextDocument.update(document, [change], document.version + 1)
      Object.assign(cursor, document.positionAt(start + change.text.length))
      return change
    },
    interject({ range, newText }) {
      const start = document.offsetAt(range.start)
      const after = TextDocument.create('', 'python', 1, TextDocument.applyEdits(document, [{ range, newText }]))
      const end = after.positionAt(start + newText.length)
      interjected.push({ range, text: newText }, { range: { start: range.start, end }, text: document.getText(range) })
    },
  }
}

/** As long up to a million: an offset below it stays what it is. */
const flag = (count: number) => `torch.backends.cudnn.count_${String(count).padStart(6, '0')} = True`

const mistakes = [
  'torch.backends.cudnn.benchmarks = True',
  'scaler = torch.cuda.amp.GradScaler()',
  'loss.backward(retain_graph=True)',
  'optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=0.01)',
  'print(f"{loss.item():.3f}',
  'loss = criterion(F.softmax(model(images), dim=1), target)',
  'with torch.cuda.amp.autocast():',
  'for images, target in loader: scaler.step(optimizer)',
  'x = """',
  'scheduler.step(',
]

/** From 0 up to 1, the same each time (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
