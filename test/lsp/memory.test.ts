import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LSPErrorCodes, ResponseError, type TextEdit } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { leaking } from '../doctor/scripts.ts'
import { startServer, uri } from './client.ts'

interface Page {
  readonly markdown: string
}

/** What the links of a page ask for: the arguments of the command, by the text of the link. */
function changesIn(markdown: string): ReadonlyMap<string, readonly string[]> {
  const links = markdown.matchAll(/\[([^\]]+)\]\(command:torchlint\.memory\.change\?([^)]+)\)/g)
  return new Map(Array.from(links, ([, text = '', values = '']) => [text, JSON.parse(decodeURIComponent(values))]))
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
  const applied = async (text: string) => {
    const [asked, revision, change] = changes.get(text) ?? []
    const edits = await client.connection.sendRequest<TextEdit[]>('torchlint/memory/change', {
      uri: asked,
      revision,
      change,
    })
    return TextDocument.applyEdits(TextDocument.create(uri, 'python', 1, leaking), edits)
  }
  assert.equal(
    await applied('Apply: Add the number: `loss.item()`'),
    leaking.replace('total += loss', 'total += loss.item()'),
  )
  assert.match(await applied('Apply this change'), /fused=True/)
})

test('a change is refused once the document has moved on', async t => {
  const client = await startServer(t)
  await client.open(leaking)
  const { markdown } = await client.connection.sendRequest<Page>('torchlint/memory', { uri })
  const [[asked, revision, change] = []] = changesIn(markdown).values()
  await client.change(2, { text: `\n${leaking}` })
  await assert.rejects(
    client.connection.sendRequest('torchlint/memory/change', { uri: asked, revision, change }),
    (error: unknown) => error instanceof ResponseError && error.code === LSPErrorCodes.ContentModified,
  )
})
