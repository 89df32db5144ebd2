/** What the analysis says about itself, and what happens when it fails. Analyzers made for the purpose stand for it. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Analysis, Analyzer, Notice } from '../../server/src/analysis.ts'
import { type CheckRequest, createChecker } from '../../server/src/checking/checker.ts'
import { discoverAll } from '../../server/src/checking/discovery.ts'
import { type CheckedFile, check } from '../../server/src/cli/check.ts'
import { readConfiguration } from '../../server/src/cli/configuration.ts'
import { folderWith } from './torchlint.ts'

async function checkWith(
  t: TestContext,
  analyze: (text: string) => Pick<Analysis, 'findings' | 'notices'>,
  verbose = false,
) {
  const folder = folderWith(t, { 'a.py': 'a', 'b.py': 'b' })
  const analyzer: Analyzer = {
    parser: 'none',
    open: () => assert.fail(),
    check: analyze,
    forget: () => {},
  }
  const files: CheckedFile[] = []
  const complaints: string[] = []
  const terminal = { colors: false, print: () => assert.fail(), complain: (text: string) => complaints.push(text) }
  const request: CheckRequest = {
    paths: ['.'],
    workingDirectory: folder,
    fixes: 'none',
    isWriting: false,
  }
  const checker = await createChecker(request, { createAnalyzer: async () => analyzer })
  const exitCode = await check(
    await discoverAll(['.'], folder),
    async function* (files) {
      for (const file of files) yield checker(file)
    },
    {
      workingDirectory: folder,
      configuration: readConfiguration({}, { read: () => undefined, names: () => [] }, folder, () => assert.fail()),
      verbose,
      language: 'en',
      failsOn: 'findings',
    },
    { file: file => files.push(file), end: () => {} },
    terminal,
  )
  return { exitCode, complaints, checked: files.map(({ name }) => name) }
}

function notice(kind: Notice['kind']): Notice {
  return { kind, message: { en: kind, zh: '' } }
}

test('a file that is too large and a rule that failed are always named, a function given up only with --verbose', async t => {
  const notices = [notice('too-large'), notice('rule-failed'), notice('analysis-gave-up')]
  const analyze = (text: string) => ({ findings: [], notices: text === 'a' ? notices : [] })
  const quiet = await checkWith(t, analyze)
  assert.deepEqual(quiet.complaints, ['a.py: too-large\n', 'a.py: rule-failed\n'])
  assert.equal(quiet.exitCode, 0)
  assert.deepEqual((await checkWith(t, analyze, true)).complaints, [...quiet.complaints, 'a.py: analysis-gave-up\n'])
})

test('a file on which the analysis fails is named, and the next one is checked', async t => {
  const { exitCode, complaints, checked } = await checkWith(t, text => {
    if (text === 'a') throw new Error('it broke')
    return { findings: [], notices: [] }
  })
  assert.deepEqual([exitCode, complaints, checked], [2, ['a.py: it broke\n'], ['b.py']])
})
