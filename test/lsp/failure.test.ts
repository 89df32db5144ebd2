/** The server outlives its own mistakes. An analyzer that fails stands for them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Analysis, Analyzer } from '../../server/src/analysis.ts'
import { plain } from './client.ts'
import { startWith } from './inProcess.ts'
import { flag, misspelled } from './scripts.ts'

function fail(): never {
  throw new Error('it broke')
}

const failing: Analyzer = {
  parser: 'none',
  open: text => ({ text, change: () => {}, analyze: fail, forget: () => false, dispose: () => {} }),
  check: fail,
  forget: () => {},
}

test('a handler that fails answers empty, and says so once', async t => {
  const client = await startWith(t, failing)
  await client.open(misspelled)
  for (let round = 0; round < 3; round++) {
    const report = await client.pull()
    assert.deepEqual(report.kind === 'full' && report.items, [])
  }
  assert.match(await client.logged.next(), /it broke.*diagnostics\.ts/s)
  assert.deepEqual(await client.codeActions(flag), [])
  assert.match(await client.logged.next(), /it broke.*codeAction\.ts/s)
  assert.equal(await client.hover(flag.start), undefined)
})

test('a change that the analysis cannot follow is taken up from the whole text', async t => {
  const texts: string[] = []
  const empty: Analysis = {
    findings: [],
    notices: [],
    hover: () => undefined,
    hints: () => [],
    lenses: () => [],
    suppress: () => undefined,
    linesAround: () => ({ start: 0, end: 0 }),
    inspect: fail,
    memory: () => undefined,
  }
  const forgetful: Analyzer = {
    parser: 'none',
    open: text => {
      texts.push(text)
      return { text, change: fail, analyze: () => empty, forget: () => false, dispose: () => {} }
    },
    check: fail,
    forget: () => {},
  }
  const client = await startWith(t, forgetful)
  await client.open('a')
  await client.change(2, { range: { start: { line: 0, character: 1 }, end: { line: 0, character: 1 } }, text: 'b' })
  await client.pull()
  assert.deepEqual(texts, ['a', 'ab'])
})

test('what the analysis has to say about itself goes to the log, once', async t => {
  const message = { en: 'Not analysed', zh: '未分析' }
  const silent: Analysis = {
    findings: [],
    notices: [{ kind: 'too-large', message }],
    hover: () => undefined,
    hints: () => [],
    lenses: () => [],
    suppress: () => undefined,
    linesAround: () => ({ start: 0, end: 0 }),
    inspect: fail,
    memory: () => undefined,
  }
  const client = await startWith(t, {
    parser: 'none',
    open: text => ({ text, change: () => {}, analyze: () => silent, forget: () => false, dispose: () => {} }),
    check: fail,
    forget: () => {},
  })
  await client.open(misspelled)
  await client.pull()
  assert.match(await client.logged.next(), /train\.py: Not analysed/)
})

test('the analyzer that fails does not keep diagnostics from being pushed', async t => {
  const client = await startWith(t, failing, plain)
  await client.open(misspelled)
  assert.deepEqual((await client.published.next()).diagnostics, [])
})
