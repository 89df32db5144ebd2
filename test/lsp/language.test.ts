/** The language: the setting, else the client's locale, else English; the machine's own language never counts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DidChangeConfigurationNotification } from 'vscode-languageserver/node'
import { type Client, type ClientOptions, modern, plain, startServer } from './client.ts'
import { flag, message, misspelled, title } from './scripts.ts'

const { en: english, zh: chinese } = message

async function said(client: Client): Promise<unknown> {
  const report = await client.pull()
  return report.kind === 'full' ? report.items[0]?.message : undefined
}

const cases: readonly (ClientOptions & { readonly title: string; readonly expected: string })[] = [
  { title: 'nothing said: English', expected: english, environment: { LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8' } },
  { title: 'an English client', locale: 'en-US', expected: english },
  { title: 'a Chinese client', locale: 'zh-cn', expected: chinese },
  {
    title: 'auto follows the client',
    locale: 'zh-Hans',
    configuration: () => ({ language: 'auto' }),
    expected: chinese,
  },
  { title: 'the setting wins', locale: 'zh-cn', configuration: () => ({ language: 'en' }), expected: english },
  { title: 'both', configuration: () => ({ language: 'both' }), expected: `${english}\n${chinese}` },
  { title: 'a setting that makes no sense', configuration: () => ({ language: 7 }), expected: english },
]

for (const { title, expected, ...options } of cases)
  test(`diagnostics: ${title}`, async t => {
    const client = await startServer(t, options)
    await client.open(misspelled)
    assert.equal(await said(client), expected)
  })

test('a client that cannot be asked says its language while initializing', async t => {
  const capabilities = { ...modern, workspace: {} }
  const client = await startServer(t, { capabilities, initializationOptions: { language: 'zh-cn' } })
  await client.open(misspelled)
  assert.equal(await said(client), chinese)
})

test('hovers and titles of fixes come in the same language', async t => {
  const client = await startServer(t, { locale: 'zh-cn' })
  await client.open(misspelled)
  const hover = await client.hover({ line: 2, character: 25 })
  assert.match(hover ?? '', /\p{Script=Han}/u)
  const [action] = await client.codeActions(flag)
  assert.equal(action?.title, title.zh)
})

test('the hover of an English client has no Chinese', async t => {
  const client = await startServer(t, { locale: 'en' })
  await client.open(misspelled)
  const hover = await client.hover({ line: 2, character: 25 })
  assert.match(hover ?? '', /flag/)
  assert.doesNotMatch(hover ?? '', /\p{Script=Han}/u)
})

test('in both languages, the title of a fix stays on one line', async t => {
  const client = await startServer(t, { configuration: () => ({ language: 'both' }) })
  await client.open(misspelled)
  const [action] = await client.codeActions(flag)
  assert.equal(action?.title, `${title.en} / ${title.zh}`)
})

test('when the setting changes, a client that pulls is asked to pull again', async t => {
  let language = 'en'
  const client = await startServer(t, { configuration: () => ({ language }) })
  await client.open(misspelled)
  const before = await client.pull()
  language = 'zh-cn'
  await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
  await client.refreshed.next()
  const after = await client.pull(before.resultId)
  assert.equal(after.kind === 'full' && after.items[0]?.message, chinese)
})

test('when the setting changes, a client that cannot pull gets new diagnostics', async t => {
  const client = await startServer(t, { capabilities: plain })
  await client.open(misspelled)
  assert.equal((await client.published.next()).diagnostics[0]?.message, english)
  const settings = { torchlint: { language: 'zh-cn' } }
  await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings })
  assert.equal((await client.published.next()).diagnostics[0]?.message, chinese)
})
