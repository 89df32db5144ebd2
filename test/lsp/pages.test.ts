import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withPageLinks } from '../../server/src/lsp/pages.ts'
import { startServer } from './client.ts'
import { trained } from './scripts.ts'

test('a client may ask for the pages there are, and for one of them in the language of its user', async t => {
  const client = await startServer(t, { locale: 'zh-cn' })
  const names = await client.connection.sendRequest('torchlint/pages', {})
  assert.ok(Array.isArray(names) && names.includes('amp/missing-update') && names.includes('torch.optim.AdamW'))
  assert.match(
    String(await client.connection.sendRequest('torchlint/page', { name: 'amp/missing-update' })),
    /\p{Script=Han}/u,
  )
  assert.equal(await client.connection.sendRequest('torchlint/page', { name: 'amp/no-such-rule' }), null)
  assert.equal(await client.connection.sendRequest('torchlint/page', { name: 7 }), null)
})

const web = 'https://github.com/torchlint/torchlint/blob/main/server/src'

test('links to pages become the command of a client that has it', () => {
  const markdown = `[decay](${web}/concepts/weight-decay.md), [rule](${web}/rules/amp/missing-update.md), [other](https://a.b/c.md)`
  assert.equal(withPageLinks(markdown, false), markdown)
  assert.equal(
    withPageLinks(markdown, true),
    '[decay](command:torchlint.openPage?%5B%22concepts%2Fweight-decay%22%5D), ' +
      '[rule](command:torchlint.openPage?%5B%22amp%2Fmissing-update%22%5D), [other](https://a.b/c.md)',
  )
})

test('a page that is shown as a document links to others beside it', async t => {
  const client = await startServer(t)
  const page = String(await client.connection.sendRequest('torchlint/page', { name: 'torch.autocast' }))
  assert.match(page, /\]\(\.\.\/concepts\/mixed-precision\.md\)/)
})

test('a hover links its pages by command only where the client says that it has it', async t => {
  const line = trained.split('\n').findIndex(text => text.includes('torch.autocast'))
  for (const opensPages of [true, false]) {
    const client = await startServer(t, { initializationOptions: { opensPages } })
    await client.open(trained)
    const hover = (await client.hover({ line, character: 22 })) ?? ''
    assert.equal(hover.includes('command:torchlint.openPage'), opensPages)
    assert.doesNotMatch(hover, /\]\(\.\.?\//)
  }
})
