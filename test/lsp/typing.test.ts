/** What is new in the statement being typed waits until the cursor, of which the client tells, leaves it. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  DidChangeConfigurationNotification,
  DidChangeNotebookDocumentNotification,
  DidOpenNotebookDocumentNotification,
  DidSaveTextDocumentNotification,
  DocumentDiagnosticRequest,
} from 'vscode-languageserver/node'
import { type ClientOptions, modern, plain, startServer, uri } from './client.ts'

const flag = 'backends/unknown-flag'
const head = 'import torch\n'
const calls = `import torch

for _ in range(2):
    torch.backends.cudnn.benchmark = True
`

/** A client whose cursor is somewhere, and who types there. */
async function startTyping(t: TestContext, text: string, line: number, character: number, options: ClientOptions = {}) {
  const client = await startServer(t, options)
  let version = 1
  const at = { line, character }
  const tell = () => client.connection.sendNotification('torchlint/cursor', { uri, position: at })
  const replace = async (range: { start: typeof at; end: typeof at }, inserted: string) =>
    client.change(++version, { range, text: inserted })
  await client.open(text)
  await tell()
  return {
    ...client,
    replace,
    /** Letter by letter, asking after each what is found: the lines and rules. The cursor is told of only in new lines. */
    async type(letters: string) {
      const seen: string[][] = []
      for (const letter of letters) {
        await replace({ start: { ...at }, end: { ...at } }, letter)
        if (letter === '\n') {
          at.line++
          at.character = 0
          await tell()
        } else at.character++
        seen.push(await found())
      }
      return seen
    },
    async erase(count: number) {
      const end = { ...at }
      at.character -= count
      await replace({ start: { ...at }, end }, '')
      return found()
    },
    async move(line: number, character: number) {
      Object.assign(at, { line, character })
      await tell()
    },
    save: () => client.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri } }),
    found,
  }
  async function found(): Promise<string[]> {
    const report = await client.pull()
    assert.equal(report.kind, 'full')
    return report.items.map(({ range, code }) => `${range.start.line} ${code}`)
  }
}

test('a mistake that is being typed is shown when the cursor leaves the line', async t => {
  const client = await startTyping(t, head, 1, 0)
  const seen = await client.type('torch.backends.cudnn.benchmarks = True')
  assert.deepEqual(seen.flat(), [])
  await client.move(0, 0)
  await client.refreshed.next()
  assert.deepEqual(await client.found(), [`1 ${flag}`])
})

test('it is shown when the next line is begun, and when the file is saved', async t => {
  const client = await startTyping(t, head, 1, 0)
  await client.type('torch.backends.cudnn.benchmarks = True')
  await client.save()
  await client.refreshed.next()
  assert.deepEqual(await client.found(), [`1 ${flag}`])
  const seen = await client.type('\ntorch.backends.cudnn.allow_tf = True')
  assert.ok(seen.every(found => found.join() === `1 ${flag}`))
  const [begun] = await client.type('\n')
  assert.deepEqual(begun, [`1 ${flag}`, `2 ${flag}`])
})

test('the answer before the cursor has left is not taken for the one behind', async t => {
  const client = await startTyping(t, head, 1, 0)
  await client.type('torch.backends.cudnn.benchmarks = True')
  const { resultId } = await client.pull()
  assert.equal((await client.pull(resultId)).kind, 'unchanged')
  await client.move(0, 0)
  assert.equal((await client.pull(resultId)).kind, 'full')
})

test('what was shown before stays, and goes at once when it is repaired', async t => {
  const client = await startTyping(t, `${head}torch.backends.cudnn.benchmarks = True\n`, 1, 31)
  assert.deepEqual(await client.found(), [`1 ${flag}`])
  assert.deepEqual(await client.type('x'), [[`1 ${flag}`]])
  assert.deepEqual(await client.erase(2), [])
  assert.deepEqual(await client.type('s'), [[]])
})

test('what was shown before stays although the settings change', async t => {
  let settings = {}
  const text = `${head}torch.backends.cudnn.benchmarks = True\n`
  const client = await startTyping(t, text, 1, 31, { configuration: () => settings })
  await client.found()
  await client.type('x')
  settings = { severity: { backends: 'info' } }
  await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
  await client.refreshed.next()
  assert.deepEqual(await client.found(), [`1 ${flag}`])
})

test('findings elsewhere are shown at once', async t => {
  const client = await startTyping(t, `${calls}torch.backends.cudnn.enabled = False\n`, 0, 12)
  assert.deepEqual(await client.found(), [])
  assert.deepEqual(await client.type(' as other'), [[], [], [], [], [], [], [], [], []])
  const start = { line: 3, character: 34 }
  await client.replace({ start, end: start }, 's')
  const back = { start: { line: 0, character: 12 }, end: { line: 0, character: 21 } }
  await client.replace(back, '')
  assert.deepEqual(await client.found(), [`3 ${flag}`])
})

test('a statement of several lines is left with its last one, a block with its header', async t => {
  const client = await startTyping(t, head, 1, 0)
  const written = '(torch.backends.cudnn\n.benchmarks) = (\nTrue\n)'
  assert.deepEqual((await client.type(written)).flat(), [])
  await client.move(2, 3)
  assert.deepEqual(await client.found(), [])
  await client.move(0, 0)
  await client.refreshed.next()
  assert.equal((await client.found()).length, 1)
})

test('the body of a block is another statement than its header', async t => {
  const client = await startTyping(t, calls, 3, 34)
  assert.deepEqual(await client.type('s'), [[]])
  await client.move(2, 4)
  await client.refreshed.next()
  assert.deepEqual(await client.found(), [`3 ${flag}`])
})

test('an edit that is not at the cursor is no typing, even in the same statement', async t => {
  const client = await startTyping(t, `${head}(torch.backends.cudnn\n.benchmark) = True\n`, 1, 0)
  const start = { line: 2, character: 10 }
  await client.replace({ start, end: start }, 's')
  assert.deepEqual(await client.found(), [`2 ${flag}`])
})

test('a fix is offered at once', async t => {
  const client = await startTyping(t, calls, 3, 34)
  assert.deepEqual(await client.type('s'), [[]])
  const place = { line: 3, character: 30 }
  const [fix] = await client.codeActions({ start: place, end: place })
  assert.equal(fix?.diagnostics?.[0]?.code, flag)
})

test('to a client that cannot ask, what has waited is sent', async t => {
  const client = await startTyping(t, calls, 3, 34, { capabilities: plain })
  assert.deepEqual((await client.published.next()).diagnostics, [])
  const start = { line: 3, character: 34 }
  await client.replace({ start, end: start }, 's')
  assert.deepEqual((await client.published.next()).diagnostics, [])
  await client.move(0, 0)
  assert.deepEqual(
    (await client.published.next()).diagnostics.map(({ code }) => code),
    [flag],
  )
})

test('nothing waits where the client tells of no cursor', async t => {
  const client = await startServer(t)
  await client.open(calls)
  const start = { line: 3, character: 34 }
  await client.change(2, { range: { start, end: start }, text: 's' })
  const report = await client.pull()
  assert.equal(report.kind === 'full' && report.items.length, 1)
})

test('a cell is typed in as well', async t => {
  const capabilities = { ...modern, notebookDocument: { synchronization: {} } }
  const { connection, refreshed } = await startServer(t, { capabilities })
  const [first, second] = ['first', 'second'].map(name => `vscode-notebook-cell:/project/train.ipynb#${name}`)
  assert.ok(first && second)
  const notebook = { uri: 'file:///project/train.ipynb', version: 1 }
  await connection.sendNotification(DidOpenNotebookDocumentNotification.type, {
    notebookDocument: {
      ...notebook,
      notebookType: 'jupyter-notebook',
      cells: [
        { kind: 2, document: first },
        { kind: 2, document: second },
      ],
    },
    cellTextDocuments: [
      { uri: first, languageId: 'python', version: 1, text: head },
      { uri: second, languageId: 'python', version: 1, text: 'torch.backends.cudnn.benchmark = True' },
    ],
  })
  const place = { line: 0, character: 30 }
  await connection.sendNotification('torchlint/cursor', { uri: second, position: place })
  await connection.sendNotification(DidChangeNotebookDocumentNotification.type, {
    notebookDocument: { ...notebook, version: 2 },
    change: {
      cells: {
        textContent: [
          {
            document: { uri: second, version: 2 },
            changes: [{ range: { start: place, end: place }, text: 's' }],
          },
        ],
      },
    },
  })
  const count = async () => {
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: second } })
    return report.kind === 'full' ? report.items.length : undefined
  }
  assert.equal(await count(), 0)
  await connection.sendNotification('torchlint/cursor', { uri: first, position: { line: 0, character: 0 } })
  await refreshed.next()
  assert.equal(await count(), 1)
})
