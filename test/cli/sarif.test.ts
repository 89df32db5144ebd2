/** `check --format sarif`, held against the schema of SARIF 2.1.0. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { suite, test } from 'node:test'
import Draft4 from 'ajv-draft-04'
import addFormats from 'ajv-formats'
import type { Log, Region, Run } from 'sarif'
import { clean, folderWith, message, misspelled, repaired, title, torchlint } from './torchlint.ts'

const schema = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')
// The schema is older than the strictness of regular expressions.
const ajv = new Draft4.default({ strict: false, allErrors: true, unicodeRegExp: false })
addFormats.default(ajv)
const isValid = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')))

async function run(folder: string, ...args: readonly string[]): Promise<Run> {
  const { stdout } = await torchlint(folder, ['check', '--format', 'sarif', ...args])
  const log: Log = JSON.parse(stdout)
  assert.ok(isValid(log), JSON.stringify(isValid.errors))
  const [only, ...others] = log.runs
  assert.deepEqual(others, [])
  return only ?? assert.fail('there is no run')
}

test('the schema is used: something else does not pass', () => {
  assert.equal(isValid({ version: '2.1.0', runs: [{ results: [] }] }), false)
})

const training = `import torch
import torch.nn.functional as F

model = torch.nn.Linear(2, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cuda")
for inputs, targets in loader:
    optimizer.zero_grad()
    with torch.autocast("cuda"):
        loss = F.cross_entropy(model(inputs), targets)
    scaler.scale(loss).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
`

suite('SARIF is valid', () => {
  test('without findings', async t => {
    const { results, tool } = await run(folderWith(t, { 'a.py': clean }), '.')
    assert.deepEqual([results, tool.driver.rules], [[], []])
  })

  for (const language of ['en', 'zh-cn', 'both'])
    test(`with findings, related places and fixes, in ${language}`, async t => {
      const folder = folderWith(t, { 'a.py': misspelled, '目录/b c.py': training })
      const { results = [], tool } = await run(folder, '.', '--language', language)
      assert.ok(results.some(({ relatedLocations = [] }) => relatedLocations.length > 1))
      assert.ok(results.every(({ ruleId, ruleIndex = -1 }) => tool.driver.rules?.[ruleIndex]?.id === ruleId))
      const uris = results.map(({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation?.uri)
      assert.deepEqual(new Set(uris), new Set(['a.py', `${encodeURIComponent('目录')}/b%20c.py`]))
    })

  test('where a file could not be read, which it says', async t => {
    const { invocations } = await run(folderWith(t, { 'a.py': misspelled }), '.', 'missing.py')
    assert.deepEqual(invocations, [{ executionSuccessful: false }])
  })
})

test('a result', async t => {
  const { results = [] } = await run(folderWith(t, { 'src/a.py': misspelled }), '.')
  const [{ partialFingerprints, ...result } = assert.fail('there is no result')] = results
  const region = { startLine: 3, startColumn: 22, endLine: 3, endColumn: 32 }
  const artifactLocation = { uri: 'src/a.py', uriBaseId: '%SRCROOT%' }
  assert.deepEqual(result, {
    ruleId: 'backends/unknown-flag',
    ruleIndex: 0,
    level: 'error',
    message: { text: message.en },
    locations: [{ physicalLocation: { artifactLocation, region } }],
    fixes: [
      {
        description: { text: title.en },
        artifactChanges: [
          { artifactLocation, replacements: [{ deletedRegion: region, insertedContent: { text: 'benchmark' } }] },
        ],
        properties: { safe: true },
      },
    ],
  })
  assert.match(partialFingerprints?.['torchlint/v1'] ?? '', /^[0-9a-f]{64}$/)
})

test('the fix, applied as SARIF describes it, is the fix', async t => {
  const { results } = await run(folderWith(t, { 'a.py': misspelled }), '.')
  const [replacement] = results?.[0]?.fixes?.[0]?.artifactChanges[0]?.replacements ?? []
  assert.ok(replacement)
  const offset = (line = 1, column = 1) =>
    misspelled
      .split('\n')
      .slice(0, line - 1)
      .reduce((sum, one) => sum + one.length + 1, column - 1)
  const { startLine, startColumn, endLine, endColumn }: Region = replacement.deletedRegion
  assert.equal(
    misspelled.slice(0, offset(startLine, startColumn)) +
      replacement.insertedContent?.text +
      misspelled.slice(offset(endLine, endColumn)),
    repaired,
  )
})

test("a rule's help is its page in both languages, the wanted one first", async t => {
  const folder = folderWith(t, { 'a.py': misspelled })
  const help = async (language: string) => {
    const { tool } = await run(folder, '.', '--language', language)
    return tool.driver.rules?.[0]?.help?.markdown ?? ''
  }
  const english = '# Unknown backend flag\n'
  const chinese = '# 不存在的后端开关\n'
  for (const [language, first, second] of [
    ['en', english, chinese],
    ['zh-cn', chinese, english],
  ] as const) {
    const text = await help(language)
    assert.ok(text.startsWith(first), text.slice(0, 40))
    assert.ok(text.includes(`\n---\n\n${second}`))
  }
})
