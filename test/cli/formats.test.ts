/** The formats that CI systems read, as a whole, so that one sees what such a system gets. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clean, deprecated, folderWith, message, misspelled, title, torchlint } from './torchlint.ts'

async function checkAs(format: string, folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await torchlint(folder, ['check', '.', '--format', format, ...args])
  assert.equal(stderr, '')
  return stdout
}

test('github: a workflow command for each finding', async t => {
  const folder = folderWith(t, { 'src/a,b.py': misspelled })
  assert.equal(
    await checkAs('github', folder),
    '::error title=TorchLint (backends/unknown-flag),file=src/a%2Cb.py,line=3,endLine=3,col=22,endColumn=32::' +
      `src/a,b.py:3:22: ${message.en}\n`,
  )
})

test('github: line breaks and percent signs are data; warnings and advice have levels of their own', async t => {
  const script = `${deprecated}\nx = loader[100 % 3]\n`
  const folder = folderWith(t, { '100%.py': script, 'torchlint.toml': '[severity]\n"amp/*" = "info"\n' })
  const stdout = await checkAs('github', folder, '--language', 'both')
  assert.match(stdout, /^::notice title=TorchLint \(amp\/deprecated-api\),file=100%25\.py,/)
  assert.match(stdout, /::100%25\.py:3:10: .*%0A.*\n$/)
  assert.match(await checkAs('github', folderWith(t, { 'a.py': deprecated })), /^::warning /)
})

test('github: a finding over several lines has no columns', async t => {
  const folder = folderWith(t, { 'a.py': deprecated.replace('torch.cuda.amp', '(torch.cuda\n.amp)') })
  assert.match(await checkAs('github', folder), /,line=3,endLine=4::/)
})

test('gitlab: a code quality report', async t => {
  const folder = folderWith(t, { 'src/train.py': misspelled })
  const [entry, ...others] = JSON.parse(await checkAs('gitlab', folder))
  const { fingerprint, ...rest } = entry
  assert.deepEqual(rest, {
    description: message.en,
    check_name: 'backends/unknown-flag',
    severity: 'critical',
    location: { path: 'src/train.py', positions: { begin: { line: 3, column: 22 }, end: { line: 3, column: 32 } } },
  })
  assert.match(fingerprint, /^[0-9a-f]{64}$/)
  assert.deepEqual(others, [])
})

test('gitlab: fingerprints stay when lines move, and no two are the same', async t => {
  const line = misspelled.split('\n')[2]
  const fingerprints = async (text: string): Promise<readonly string[]> => {
    const entries: readonly { fingerprint: string }[] = JSON.parse(
      await checkAs('gitlab', folderWith(t, { 'a.py': text })),
    )
    return entries.map(({ fingerprint }) => fingerprint)
  }
  const before = await fingerprints(`import torch\n${line}\n${line}\n`)
  assert.equal(new Set(before).size, 2)
  assert.deepEqual(await fingerprints(`# moved\nimport torch\n\nif torch:\n    ${line}\n    ${line}\n`), before)
})

test('junit: a failure for each finding, a success for each file without', async t => {
  const folder = folderWith(t, { 'a.py': clean, 'b <&>.py': misspelled })
  assert.equal(
    await checkAs('junit', folder),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="TorchLint" tests="2" failures="1" errors="0">
  <testsuite name="a.py" tests="1" failures="0" errors="0">
    <testcase name="torchlint" classname="a.py" file="a.py"/>
  </testsuite>
  <testsuite name="b &lt;&amp;&gt;.py" tests="1" failures="1" errors="0">
    <testcase name="backends/unknown-flag" classname="b &lt;&amp;&gt;.py" file="b &lt;&amp;&gt;.py" line="3"><failure message="${message.en}" type="error">b &lt;&amp;&gt;.py:3:22: ${message.en}</failure></testcase>
  </testsuite>
</testsuites>
`,
  )
})

test('junit: what XML cannot hold is replaced', async t => {
  const folder = folderWith(t, { 'a.py': 'import torch\nname\u00e9 = torch.load\n', 'b\u0001\u001b.py': misspelled })
  const stdout = await checkAs('junit', folder, '--language', 'both')
  assert.match(stdout, /<testsuite name="b\ufffd\ufffd\.py"/)
  assert.match(stdout, /message="[^"]*&#10;[^"]*"/)
})

test('--statistics counts the findings of each rule, the most frequent first', async t => {
  const folder = folderWith(t, { 'a.py': misspelled, 'b.py': deprecated, 'c.py': deprecated })
  const { stdout, exitCode } = await torchlint(folder, ['check', '.', '--statistics'])
  assert.equal(
    stdout,
    `2  warning[amp/deprecated-api] Deprecated AMP name (safe fix: 2)
1  error[backends/unknown-flag] Unknown backend flag (safe fix: 1)
3 findings
`,
  )
  assert.equal(exitCode, 1)
  const { stdout: chinese } = await torchlint(folder, ['check', '.', '--statistics', '--language', 'zh-cn'])
  assert.match(chinese, /^2 {2}警告\[amp\/deprecated-api\] .*（安全修复：2）\n[\s\S]*共 3 个问题\n$/)
  assert.deepEqual(JSON.parse(await checkAs('json', folder, '--statistics')), [
    { rule: 'amp/deprecated-api', level: 'warning', count: 2, fixable: 2 },
    { rule: 'backends/unknown-flag', level: 'error', count: 1, fixable: 1 },
  ])
})

test('what was fixed is said on standard error, where standard output is for programs', async t => {
  for (const format of ['sarif', 'github', 'gitlab', 'junit']) {
    const folder = folderWith(t, { 'a.py': misspelled })
    const { stderr, exitCode } = await torchlint(folder, ['check', '.', '--fix', '--format', format])
    assert.deepEqual([stderr, exitCode], [`fixed a.py:3 backends/unknown-flag: ${title.en}\n`, 0], format)
  }
})
