/**
 * `npm run soak`: 200 edits a second for a minute in a script of 2,000 lines, in the built server, with diagnostics, code
 * actions and hovers asked for meanwhile. Fails if an answer was out of date, if the diagnostics do not settle on what a new
 * server finds in the final text, or if the heap grows from the first ten seconds to the last.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  CodeActionRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  IPCMessageReader,
  IPCMessageWriter,
} from 'vscode-languageserver/node'
import { converse, uri } from '../test/lsp/client.ts'
import { type Answer, createTypingEditor } from '../test/lsp/typingEditor.ts'
import { createTypist } from '../test/support/typist.ts'
import { build } from './build.ts'
import { inspect, type Memory } from './inspector.ts'
import { sampleScript } from './sample-script.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '200' },
    lines: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
  },
})
const [seconds, rate, lines, seed] = [values.seconds, values.rate, values.lines, values.seed].map(Number)
assert.ok(seconds && rate && lines && seed)
/** The beginning and the end that are compared. */
const span = Math.min(10, seconds / 2)

await build()
const server = await start()
const { inspector } = server
const typist = createTypist(sampleScript(lines), seed)
const answers: Answer[] = []
const editor = createTypingEditor(server.client, typist, answer => answers.push(answer))
await server.client.open(typist.text)
await warmUp()
answers.length = 0
const before = { edits: typist.version, ...editor.counts }

const begin = performance.now()
const elapsed = () => (performance.now() - begin) / 1000
const memories: { readonly second: number; readonly memory: Memory }[] = []
await Promise.all([
  type(),
  every(0.25, () => editor.offerActions()),
  every(0.4, () => editor.hover()),
  every(1, async () => void memories.push({ second: elapsed(), memory: await inspector.memory() })),
])
const typed = elapsed()
await server.client.connection.sendNotification('torchlint/cursor', {})
const settling = performance.now()
const shown = await editor.settled()
const settled = performance.now() - settling

const cold = await start()
await cold.client.open(typist.text, typist.version)
const report = await cold.client.pull()
const isSettled = JSON.stringify(report.kind === 'full' && report.items) === JSON.stringify(shown)
const wrong = await wrongActions()

const first = figures(0, span)
const last = figures(typed - span, typed)
const growth = last.heap / first.heap - 1
console.table({ [`first ${span} s`]: rounded(first), [`last ${span} s`]: rounded(last) })
const { sent, cancelled, applied, refused } = editor.counts
const [edits, requests, unanswered] = [typist.version - before.edits, sent - before.sent, cancelled - before.cancelled]
console.log(
  `${edits} edits in ${typed.toFixed(1)} s, ${requests} requests, of which ${unanswered} were cancelled or refused`,
)
console.log(
  `Fixes, the warm-up's included: ${applied} applied, ${refused} not, for the text had moved on; code actions unlike a new server's: ${wrong} of ${compared().length}`,
)
console.log(
  `Diagnostics settled after ${settled.toFixed(0)} ms, ${isSettled ? 'equal' : 'UNEQUAL'} to those of a new server (${shown.length})`,
)
console.log(`Heap: ${growth > 0 ? '+' : ''}${(growth * 100).toFixed(1)} %`)
for (const { child, inspector } of [server, cold]) {
  inspector.close()
  child.kill()
}
process.exitCode = isSettled && wrong === 0 && growth < 0.05 ? 0 : 1

async function start() {
  const options = { execArgv: ['--inspect=127.0.0.1:0'], silent: true }
  const child: ChildProcess = fork(join(import.meta.dirname, '../dist/server.js'), ['--node-ipc'], options)
  const connection = createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child))
  const inspector = await inspect(child)
  return { child, inspector, client: await converse(connection) }
}

/** The compiler takes a while, and memory, for what runs often. */
async function warmUp(): Promise<void> {
  for (let round = 0; round < 100; round++) {
    for (let count = 0; count < 20; count++) await editor.edit()
    await editor.settled()
    await editor.offerActions()
    await editor.hover()
  }
}

/** As many edits as are due, however late the timer is. */
async function type(): Promise<void> {
  let count = 0
  while (count < (seconds ?? 0) * (rate ?? 0)) {
    for (; count < Math.min(elapsed(), seconds ?? 0) * (rate ?? 0); count++) editor.edit()
    await sleep(1)
  }
}

async function every(interval: number, act: () => Promise<void>): Promise<void> {
  const running: Promise<void>[] = []
  for (let next = interval; next < (seconds ?? 0); next += interval) {
    await sleep(Math.max(0, (next - elapsed()) * 1000))
    running.push(act())
  }
  await Promise.all(running)
}

/** Of the code actions that were offered, as many as a new server answers in a few seconds. */
function compared(): readonly Answer[] {
  const offered = answers.filter(({ kind }) => kind === 'code actions')
  const step = Math.max(1, Math.floor(offered.length / 25))
  return offered.filter((_, index) => index % step === 0)
}

async function wrongActions(): Promise<number> {
  let wrong = 0
  for (const { text, version, line, result } of compared()) {
    await cold.client.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    })
    const expected = await cold.client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: line,
      context: { diagnostics: [] },
    })
    if (JSON.stringify(expected) !== JSON.stringify(result)) wrong++
  }
  return wrong
}

function figures(from: number, to: number) {
  const memory = memories.filter(({ second }) => from <= second && second <= to).map(({ memory }) => memory)
  const during = answers.filter(({ at }) => from <= (at - begin) / 1000 && (at - begin) / 1000 <= to)
  const latency = (kind: Answer['kind']) =>
    quantile(
      during.filter(answer => answer.kind === kind).map(({ milliseconds }) => milliseconds),
      0.95,
    )
  return {
    heap: median(memory.map(({ heap }) => heap)) / 2 ** 20,
    external: median(memory.map(({ external }) => external)) / 2 ** 20,
    resident: median(memory.map(({ resident }) => resident)) / 2 ** 20,
    'pulls shown': during.filter(({ kind }) => kind === 'diagnostics').length,
    'code actions': during.filter(({ kind }) => kind === 'code actions').length,
    'code actions p95': latency('code actions'),
    hovers: during.filter(({ kind }) => kind === 'hover').length,
    'hovers p95': latency('hover'),
  }
}

function rounded(values: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Math.round(value * 10) / 10]))
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
