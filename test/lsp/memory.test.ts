import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApplyWorkspaceEditRequest, TextDocumentEdit } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { leaking } from '../doctor/scripts.ts'
import { type Client, startServer, uri } from './client.ts'

interface Page {
  readonly markdown: string
}

/** What the links of a page ask for: the arguments of the command, by the text of the link. */
function changesIn(markdown: string): ReadonlyMap<string, readonly string[]> {
  const links = markdown.matchAll(/\[([^\]]+)\]\(command:torchlint\.memory\.change\?([^)]+)\)/g)
  return new Map(Array.from(links, ([, text = '', values = '']) => [text, JSON.parse(decodeURIComponent(values))]))
}

/** Follows a link, as a client that makes every change that it is asked for; undefined if it was asked for none. */
async function follow({ connection }: Client, [uri, revision, change]: readonly string[] = [], text = leaking) {
  let changed: string | undefined
  connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit: { documentChanges: [made] = [] } }) => {
    assert.ok(TextDocumentEdit.is(made))
    const edits = made.edits.filter(edit => 'newText' in edit)
    changed = TextDocument.applyEdits(TextDocument.create(made.textDocument.uri, 'python', 1, text), edits)
    return { applied: true }
  })
  assert.equal(
    await connection.sendRequest('torchlint/memory/change', { uri, revision, change }),
    changed !== undefined,
  )
  return changed
}

test('the page is about the open document, in the language of its user', async t => {
  const client = await startServer(t, { locale: 'zh-cn' })
  await client.open(leaking)
  const error = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB.'
  const page = await client.connection.sendRequest<Page>('torchlint/memory', { uri, error })
  assert.match(page.markdown, /^# 为什么显存不足？\n\n`train\.py`\n\n## 报错说了什么/)
  assert.match(page.markdown, /\| 尝试分配 \| 20\.00 MiB \|/)
  assert.equal(await client.connection.sendRequest('torchlint/memory', { uri: 'file:///closed.py' }), null)
})

test('a link applies the fix of a finding, and a suggestion', async t => {
  const client = await startServer(t)
  await client.open(leaking)
  const { markdown } = await client.connection.sendRequest<Page>('torchlint/memory', { uri })
  const changes = changesIn(markdown)
  assert.equal(
    await follow(client, changes.get('Apply: Add the number: `loss.item()`')),
    leaking.replace('total += loss', 'total += loss.item()'),
  )
  assert.match((await follow(client, changes.get('Apply this change'))) ?? '', /fused=True/)
})

test('a change is refused once the document has moved on', async t => {
  const client = await startServer(t)
  await client.open(leaking)
  const { markdown } = await client.connection.sendRequest<Page>('torchlint/memory', { uri })
  const [link] = changesIn(markdown).values()
  await client.change(2, { text: `\n${leaking}` })
  assert.equal(await follow(client, link), undefined)
})

test('the page is offered where a finding costs memory, to a client that can open it', async t => {
  const titles = async (opensPages: boolean) => {
    const client = await startServer(t, { initializationOptions: { opensPages } })
    await client.open(leaking)
    const total = leaking.slice(0, leaking.indexOf('total += loss')).split('\n').length - 1
    const position = { line: total, character: 21 }
    return (await client.codeActions({ start: position, end: position })).map(({ title }) => title)
  }
  assert.equal((await titles(true)).at(-1), 'Why does the GPU run out of memory?')
  assert.ok(!(await titles(false)).includes('Why does the GPU run out of memory?'))
})
