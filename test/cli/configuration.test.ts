/** What configuration files say: the nearest counts, options come first, and a mistake is named where it stands. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deprecated, folderWith, misspelled, torchlint } from './torchlint.ts'

async function rulesIn(folder: string, ...options: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await torchlint(folder, ['check', '.', '--format', 'json', ...options])
  const found: readonly { readonly file: string; readonly rule: string; readonly level: string }[] = JSON.parse(stdout)
  return found.map(({ file, rule, level }) => `${file} ${level} ${rule}`)
}

const flag = 'backends/unknown-flag'
const both = `${misspelled}${deprecated}`

test('the nearest file counts, and torchlint.toml before pyproject.toml', async t => {
  const folder = folderWith(t, {
    '.git/HEAD': '',
    'pyproject.toml': `[tool.torchlint]\nselect = ["${flag}"]\n`,
    'train.py': both,
    'inner/pyproject.toml': '[tool.torchlint]\nignore = ["backends"]\n',
    'inner/train.py': both,
    'other/torchlint.toml': '[severity]\n"backends/*" = "info"\n',
    'other/pyproject.toml': '[tool.torchlint]\nselect = ["loop"]\n',
    'other/train.py': both,
    'third/pyproject.toml': '[project]\nname = "third"\n',
    'third/train.py': both,
  })
  assert.deepEqual(await rulesIn(folder), [
    'inner/train.py warning amp/deprecated-api',
    `other/train.py info ${flag}`,
    'other/train.py warning amp/deprecated-api',
    `third/train.py error ${flag}`,
    `train.py error ${flag}`,
  ])
})

test('a file beyond the repository does not count', async t => {
  const folder = folderWith(t, {
    'torchlint.toml': 'ignore = ["*"]\n',
    'repository/.git/HEAD': '',
    'repository/a.py': misspelled,
  })
  assert.deepEqual(await rulesIn(folder), [`repository/a.py error ${flag}`])
})

test('options come before the file', async t => {
  const folder = folderWith(t, { 'torchlint.toml': `select = ["${flag}"]\n`, 'train.py': both })
  assert.deepEqual(await rulesIn(folder, '--select', 'amp'), ['train.py warning amp/deprecated-api'])
})

test('the most exact level counts, and off means off', async t => {
  const severity = '"*" = "error"\n"amp/*" = "info"\n"backends/unknown-flag" = "off"\n'
  const folder = folderWith(t, { 'torchlint.toml': `[severity]\n${severity}`, 'train.py': both })
  assert.deepEqual(await rulesIn(folder), ['train.py info amp/deprecated-api'])
})

test('a rule that is off by default runs when it is given a level by its full name, or with every rule', async t => {
  const script =
    'import torch\nfrom torch.utils.data import DataLoader\n\n\ndef main(dataset, model, optimizer):\n    for inputs, targets in DataLoader(dataset, batch_size=8, shuffle=True):\n        optimizer.zero_grad()\n        torch.nn.functional.cross_entropy(model(inputs.cuda()), targets.cuda()).backward()\n        optimizer.step()\n'
  const rules = async (configuration: string) =>
    (await rulesIn(folderWith(t, { 'torchlint.toml': configuration, 'train.py': script }))).filter(line =>
      line.includes('data/'),
    )
  const named = await rules('severity = { "data/single-process-loading" = "warning" }')
  assert.deepEqual(named, ['train.py warning data/single-process-loading'])
  assert.ok((await rules('preset = "all"')).includes('train.py info data/single-process-loading'))
  assert.deepEqual(await rules('severity = { "data/*" = "warning" }'), [])
})

test('files are left out, or rules in them', async t => {
  const folder = folderWith(t, {
    'torchlint.toml': 'exclude = ["old/", "*_gen.py"]\n[per-file-ignores]\n"tests/" = ["backends/*"]\n',
    'old/deep/train.py': misspelled,
    'model_gen.py': misspelled,
    'tests/train.py': both,
    'train.py': misspelled,
  })
  assert.deepEqual(await rulesIn(folder), ['tests/train.py warning amp/deprecated-api', `train.py error ${flag}`])
  const { exitCode } = await torchlint(folder, ['check', 'model_gen.py'])
  assert.equal(exitCode, 1)
})

test('--force-exclude leaves them out even where they are named', async t => {
  const folder = folderWith(t, {
    'torchlint.toml': 'exclude = ["old/"]\n',
    'old/deep/train.py': misspelled,
    'train.py': misspelled,
  })
  const named = ['check', '--force-exclude', '--format', 'json', 'old/deep/train.py', 'train.py']
  const findings: readonly { readonly file: string }[] = JSON.parse((await torchlint(folder, named)).stdout)
  assert.deepEqual(
    findings.map(({ file }) => file),
    ['train.py'],
  )
  const piped = ['check', '--force-exclude', '--fix', '-', '--stdin-filename', 'old/train.py']
  assert.equal((await torchlint(folder, piped, {}, misspelled)).stdout, misspelled)
})

test('the file tells the language and the PyTorch version', async t => {
  const folder = folderWith(t, {
    'torchlint.toml': 'language = "zh-cn"\ntorch-version = "2.3"\n',
    'requirements.txt': 'torch==2.6.0\n',
    'train.py': 'import torch\n\nweights = torch.load("weights.pt")\n',
  })
  const { stdout } = await torchlint(folder, ['check', '.'])
  assert.match(stdout, /警告\[api\/unsafe-load\]/)
  const { stdout: english } = await torchlint(folder, ['check', '.', '--language', 'en', '--torch-version', 'auto'])
  assert.match(english, /^0 errors/)
})

test('mistakes are named once, with the nearest name, and the rest of the file counts', async t => {
  const folder = folderWith(t, {
    'pyproject.toml':
      '[project]\nname = "a"\n\n[tool.torchlint]\nselct = ["amp"]\nignore = ["amp/mising-update", "amp/deprecated-api"]\npreset = "al"\ntorch-version = 2.4\nexclude = "old"\n\n[tool.torchlint.severity]\n"backend/*" = "error"\nloop = "eror"\n',
    'a.py': both,
    'b.py': both,
  })
  const { exitCode, stderr, stdout } = await torchlint(folder, ['check', '.', '--format', 'json'])
  assert.equal(exitCode, 2)
  assert.deepEqual(stderr.trimEnd().split('\n'), [
    'pyproject.toml:5:1: there is no setting selct: did you mean select?',
    'pyproject.toml:6:11: there is no rule amp/mising-update: did you mean amp/missing-update?',
    'pyproject.toml:7:10: there is no value al: did you mean all?',
    'pyproject.toml:8:17: this must be a version as a string, such as "2.4"',
    'pyproject.toml:9:11: this must be a list of strings',
    'pyproject.toml:12:1: there is no rule backend/*: did you mean backends/*?',
    'pyproject.toml:13:8: there is no value eror: did you mean error?',
  ])
  assert.equal(JSON.parse(stdout).length, 2)
})

test('a torchlint.toml that is no TOML is a mistake', async t => {
  const folder = folderWith(t, { 'torchlint.toml': 'select = [\n', 'a.py': misspelled })
  const { exitCode, stderr } = await torchlint(folder, ['check', '.', '--language', 'zh-cn'])
  assert.equal(exitCode, 2)
  assert.match(stderr, /^torchlint\.toml:\d+:\d+: 不是有效的 TOML：/)
})

test('--show-settings says what counts for a file, and who decided it', async t => {
  const folder = folderWith(t, {
    'torchlint.toml': 'exclude = ["old/"]\nseverity = { "amp/*" = "error" }\n',
    'requirements.txt': 'torch==2.3.0\n',
    'old/train.py': misspelled,
  })
  const { stdout, exitCode } = await torchlint(folder, ['check', '--show-settings', 'old/train.py', '--ignore', 'loop'])
  assert.equal(exitCode, 0)
  assert.equal(
    stdout,
    [
      'old/train.py',
      'excluded: checked only if named',
      'select = []  # default',
      'ignore = ["loop"]  # command line',
      'severity = { "amp/*" = "error" }  # torchlint.toml',
      'per-file-ignores = {}  # default',
      'exclude = ["old/"]  # torchlint.toml',
      'preset = "recommended"  # default',
      'torch-version = "2.3"  # requirements.txt',
      'language = "auto"  # default',
      'unused-suppressions = "off"  # default',
      '',
    ].join('\n'),
  )
})

test('comments that suppress nothing are reported when that is asked for, and removed', async t => {
  const text = `${misspelled.trimEnd()}  # torchlint: ignore[${flag}, amp/missing-update]\nx = 1  # torchlint: ignore\n`
  const folder = folderWith(t, { 'torchlint.toml': 'unused-suppressions = "warning"\n', 'a.py': text })
  assert.deepEqual(await rulesIn(folder), ['a.py warning unused-suppression', 'a.py warning unused-suppression'])
  const { stdout } = await torchlint(folder, ['check', '.', '--fix'])
  assert.match(stdout, /2 fixed/)
  assert.deepEqual(await rulesIn(folder), [])
})
