/** Many files over several threads: the same output, and a thread that falls takes nothing with it. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import type { Checked, FileToCheck } from '../../server/src/checking/checker.ts'
import { isProblem, type Problem } from '../../server/src/checking/problem.ts'
import { checkInThreads, usefulJobs } from '../../server/src/checking/threads.ts'
import { clippedWithImports, madeElsewhere } from '../support/scripts.ts'
import { deprecated, folderWith, misspelled, repaired, torchlint } from './torchlint.ts'

function manyFiles(t: TestContext): string {
  const texts = Array.from({ length: 80 }, (_, index) => [
    `part${index % 7}/file${index}.py`,
    `${'x = 1\n'.repeat((index * 97) % 300)}${index % 2 === 0 ? misspelled : deprecated}`,
  ])
  return folderWith(t, Object.fromEntries(texts))
}

test('with any number of threads, the output is the same', async t => {
  const folder = manyFiles(t)
  const [one, ...others] = await Promise.all(
    ['1', '2', '3'].map(jobs => torchlint(folder, ['check', '.', 'missing.py', '--jobs', jobs])),
  )
  assert.match(one?.stdout ?? '', /40 errors, 40 warnings, 0 infos in 80 files/)
  assert.equal(one?.exitCode, 2)
  for (const other of others) assert.deepEqual(other, one)
})

test('imports are followed in every thread, and each file has its settings', async t => {
  const folder = manyFiles(t)
  for (let part = 0; part < 7; part++) {
    writeFileSync(join(folder, `part${part}/made.py`), madeElsewhere)
    writeFileSync(join(folder, `part${part}/train.py`), clippedWithImports)
  }
  writeFileSync(join(folder, 'part3/torchlint.toml'), 'severity = { "amp" = "off" }\n')
  const { stdout } = await torchlint(folder, [
    'check',
    '.',
    '--jobs',
    '3',
    '--select',
    'amp/clip-before-unscale',
    '--format',
    'json',
  ])
  const found: readonly { file: string }[] = JSON.parse(stdout)
  const files = found.map(({ file }) => file).filter(file => file.endsWith('train.py'))
  assert.deepEqual(
    files,
    [0, 1, 2, 4, 5, 6].map(part => `part${part}/train.py`),
  )
  assert.ok(!found.some(({ file }) => file.startsWith('part3/')))
})

test('--fix repairs every file', async t => {
  const folder = manyFiles(t)
  await torchlint(folder, ['check', '.', '--fix', '--jobs', '3'])
  assert.ok(readFileSync(join(folder, 'part0/file0.py'), 'utf8').endsWith(repaired))
  assert.equal((await torchlint(folder, ['check', '.', '--jobs', '3'])).exitCode, 0)
})

/** Answers with the path, and falls at the file that is called so. */
const thread = `
const { parentPort } = require('node:worker_threads')
parentPort.on('message', files => {
  for (const { path } of files) {
    if (path === 'falls') throw Object.assign(new Error('it fell'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })
    parentPort.postMessage({ parts: [{ text: path, findings: [], fixed: [] }], notices: [] })
  }
})`

async function answers(paths: readonly string[], jobs: number): Promise<{ said: readonly string[]; started: number }> {
  let started = 0
  const start = () => {
    started++
    return new Worker(thread, { eval: true })
  }
  const files = paths.map((path): FileToCheck => ({ path, settings: {} }))
  const said: string[] = []
  for await (const answer of checkInThreads(files, jobs, start)) said.push(textOf(answer))
  return { said, started }
}

function textOf(answer: Checked | Problem): string {
  return isProblem(answer) ? answer.problem.en : (answer.parts[0]?.text ?? '')
}

test('a file that brings its thread down is named, and those behind it are checked', async () => {
  const paths = Array.from({ length: 100 }, (_, index) => (index % 40 === 3 ? 'falls' : String(index)))
  const { said, started } = await answers(paths, 2)
  assert.deepEqual(
    said,
    paths.map(path => (path === 'falls' ? 'there is not enough memory to analyse it' : path)),
  )
  assert.ok(started <= 2 + 3, `${started} threads`)
})

test('few files need few threads', () => {
  assert.deepEqual(
    [0, 1, 16, 17, 1000].map(files => usefulJobs(8, files)),
    [0, 1, 1, 2, 8],
  )
})
