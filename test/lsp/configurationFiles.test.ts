/** Configuration files in the editor: completion, hovers, mistakes and their fixes, all of the text as it stands there. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  type ClientCapabilities,
  type CompletionItem,
  CompletionRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  HoverRequest,
  MarkupContent,
  TextDocumentEdit,
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { type ClientOptions, modern, startServer } from './client.ts'
import { applied, openProject } from './project.ts'
import { misspelled } from './scripts.ts'

const uri = 'file:///project/pyproject.toml'
const completing: ClientCapabilities = {
  ...modern,
  textDocument: {
    ...modern.textDocument,
    completion: { dynamicRegistration: true, completionItem: { snippetSupport: true } },
  },
}

/** A client that holds open a file with a cursor, `|`, in it. */
async function openAt(t: TestContext, marked: string, options: ClientOptions = {}) {
  const client = await startServer(t, { capabilities: completing, ...options })
  const text = marked.replace('|', '')
  const position = TextDocument.create(uri, 'toml', 1, text).positionAt(marked.indexOf('|'))
  await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: 'toml', version: 1, text },
  })
  const at = { textDocument: { uri }, position }
  return {
    client,
    async items(): Promise<readonly CompletionItem[]> {
      const answer = await client.connection.sendRequest(CompletionRequest.type, at)
      return Array.isArray(answer) ? answer : (answer?.items ?? [])
    },
    async hover(): Promise<string | undefined> {
      const answer = await client.connection.sendRequest(HoverRequest.type, at)
      return MarkupContent.is(answer?.contents) ? answer.contents.value : undefined
    },
  }
}

const edits = (change: NonNullable<ClientOptions['capabilities']>): ClientOptions => ({ capabilities: change })

test('a rule is completed with its title and level, in the language of the user', async t => {
  const { items } = await openAt(t, '[tool.torchlint]\r\nselect = ["amp/missing-up|\r\n', { locale: 'zh-cn' })
  const item = (await items()).find(({ label }) => label === 'amp/missing-update')
  assert.equal(item?.detail, 'error：缺少 scaler.update()')
  assert.deepEqual(item?.textEdit, {
    range: { start: { line: 1, character: 10 }, end: { line: 1, character: 25 } },
    newText: '"amp/missing-update"',
  })
  assert.ok(MarkupContent.is(item?.documentation) && /\p{Script=Han}/u.test(item.documentation.value))
})

test('a setting is completed with a place for its value, and more is suggested there', async t => {
  const options = { initializationOptions: { suggestsAgain: true } }
  const { items } = await openAt(t, '[tool.torchlint]\nsev|', options)
  const item = (await items()).find(({ label }) => label === 'severity')
  assert.ok(item?.textEdit)
  assert.equal(item.textEdit.newText, 'severity = { $0 }')
  assert.equal(item.insertTextFormat, 2)
  assert.equal(item.command?.command, 'editor.action.triggerSuggest')
})

test('a client without snippets gets the text alone, and is told at once that there is completion', async t => {
  const { client, items } = await openAt(t, '[tool.torchlint]\nsel|', edits(modern))
  const item = (await items()).find(({ label }) => label === 'select')
  assert.equal(item?.textEdit?.newText, 'select = [""]')
  assert.equal(item?.command, undefined)
  assert.ok(client.initialized.capabilities.completionProvider)
})

test('a client that can be told so asks for completion in these files alone', async t => {
  const { client } = await openAt(t, '|')
  assert.equal(client.initialized.capabilities.completionProvider, undefined)
  for (;;) {
    const { method, registerOptions } = await client.registered.next()
    if (method !== CompletionRequest.method) continue
    assert.deepEqual(registerOptions.documentSelector, [
      { pattern: '**/torchlint.toml' },
      { pattern: '**/pyproject.toml' },
    ])
    break
  }
})

test('the text that is not saved counts', async t => {
  const { client, items } = await openAt(t, '[tool.torchlint]\n|')
  assert.ok((await items()).some(({ label }) => label === 'select'))
  await client.connection.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start: { line: 0, character: 6 }, end: { line: 0, character: 15 } }, text: 'other' }],
  })
  assert.deepEqual(await items(), [])
})

test('settings and rules are explained, in scripts and other files nothing changes', async t => {
  const first = await openAt(t, '[tool.torchlint]\npre|set = "all"\n')
  assert.match((await first.hover()) ?? '', /Default: `"recommended"`$/)
  const second = await openAt(t, '[tool.torchlint]\nignore = ["amp/missing-up|date"]\n', {
    configuration: () => ({ language: 'both' }),
    initializationOptions: { opensPages: true },
  })
  const page = (await second.hover()) ?? ''
  assert.match(page, /`scaler.update\(\)` is missing[\s\S]*\n---\n[\s\S]*缺少 `scaler.update\(\)`/)
  assert.equal(await (await openAt(t, '[tool.other]\nsel|ect = []\n')).hover(), undefined)
})

test('mistakes follow the text while it is typed, and the settings when it is saved', async t => {
  const project = await openProject(t, { 'torchlint.toml': 'ignore = ["backends"]\n', 'train.py': misspelled })
  const { connection, published } = project.client
  const textDocument = { uri: project.uriOf('torchlint.toml') }
  const type = (version: number, text: string) =>
    connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { ...textDocument, version },
      contentChanges: [{ text }],
    })
  await project.open('train.py')
  await project.open('torchlint.toml', 'ignor = ["backends"]\n')
  const wrong = await published.next()
  assert.equal(wrong.uri, textDocument.uri)
  assert.deepEqual(
    wrong.diagnostics.map(({ message, range }) => [message, range.end]),
    [['there is no setting ignor: did you mean ignore?', { line: 0, character: 5 }]],
  )
  assert.deepEqual(await project.rules('train.py'), [])
  await type(2, 'ignore = ["backend"]\n')
  const [misnamed] = (await published.next()).diagnostics
  assert.match(String(misnamed?.message), /backend: did you mean/)
  await type(3, 'ignore = []\n')
  assert.deepEqual((await published.next()).diagnostics, [])
  await project.write('torchlint.toml', 'select = ["bakends/*"]\n')
  await project.client.refreshed.next()
  assert.deepEqual(await project.rules('train.py'), [])
  // What is on the disk is shown again once the editor has closed its text.
  await connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument })
  assert.match(String((await published.next()).diagnostics[0]?.message), /backends\/\*/)
})

test('a misspelled name is changed to the one that was meant', async t => {
  const text = `selct = []\nignore = ['amp/missing-updat']\npreset = "al"\n[severity]\nbakends = "of"\n`
  const project = await openProject(t, { 'torchlint.toml': text }, () => ({ locale: 'en' }))
  await project.open('torchlint.toml')
  const { diagnostics } = await project.client.published.next()
  const changed = await Promise.all(
    diagnostics.map(async ({ range }) => {
      const [action, ...others] = await project.actions('torchlint.toml', range)
      assert.ok(action?.isPreferred && action.edit?.documentChanges?.every(change => TextDocumentEdit.is(change)))
      assert.equal(others.length, 0)
      const line = applied(text, action).split('\n')[range.start.line]
      return [action.title, line]
    }),
  )
  assert.deepEqual(changed.slice(0, 3), [
    ['Change to select', 'select = []'],
    ['Change to amp/missing-update', "ignore = ['amp/missing-update']"],
    ['Change to all', 'preset = "all"'],
  ])
  assert.deepEqual(changed.slice(3), [
    ['Change to backends', 'backends = "of"'],
    ['Change to off', 'bakends = "off"'],
  ])
  const elsewhere = { start: { line: 3, character: 0 }, end: { line: 3, character: 0 } }
  assert.deepEqual(await project.actions('torchlint.toml', elsewhere), [])
})

test('nothing is offered for what could be anything', async t => {
  const text = 'tensorboard = true\nignore = ["", "gradients"]\n'
  const project = await openProject(t, { 'torchlint.toml': text }, () => ({ locale: 'en' }))
  await project.open('torchlint.toml')
  const { diagnostics } = await project.client.published.next()
  assert.equal(diagnostics.length, 3)
  assert.equal(diagnostics[1]?.message, 'a rule has to be named here')
  for (const { range } of diagnostics) assert.deepEqual(await project.actions('torchlint.toml', range), [])
})

test('other files of the same language are left alone', async t => {
  const client = await startServer(t)
  const other = { uri: 'file:///project/Cargo.toml', languageId: 'toml', version: 1, text: misspelled }
  await client.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: other })
  const answer = await client.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: other.uri } })
  assert.deepEqual(answer, { kind: 'full', items: [] })
})
