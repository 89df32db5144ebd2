/** Notebooks on the command line. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderWith, message, misspelled, title, torchlint } from './torchlint.ts'

function notebook(...cells: readonly string[]): string {
  const markdown = { cell_type: 'markdown', metadata: {}, source: ['# Training'] }
  const code = cells.map(cell => ({
    cell_type: 'code',
    execution_count: null,
    metadata: {},
    outputs: [],
    source: cell.split(/(?<=\n)/),
  }))
  const metadata = { language_info: { name: 'python' } }
  return `${JSON.stringify({ cells: [markdown, ...code], metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`
}

const [imports, assignment] = [
  '%matplotlib inline\nimport torch',
  '%%time\n!nvidia-smi\ntorch.backends.cudnn.benchmarks = True',
]

test('findings name their cell, and its line', async t => {
  const folder = folderWith(t, { 'train.ipynb': notebook(imports, assignment) })
  const { exitCode, stdout } = await torchlint(folder, ['check', '.'])
  assert.equal(
    stdout,
    `error[backends/unknown-flag]: ${message.en}
 --> train.ipynb:cell 3:3:22
  |
2 | !nvidia-smi
3 | torch.backends.cudnn.benchmarks = True
  |                      ^^^^^^^^^^
  = safe fix: ${title.en}

1 error, 0 warnings, 0 infos in 1 file; 1 with a safe fix: torchlint check --fix
`,
  )
  assert.equal(exitCode, 1)
})

test('a finding shows what it has to do with in another cell', async t => {
  const cells = [
    'import torch\nmodel = torch.nn.Linear(2, 2)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\nscaler = torch.amp.GradScaler("cuda")',
    'with torch.autocast("cuda"):\n    loss = model(x).sum()\nscaler.scale(loss).backward()',
    'torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\nscaler.step(optimizer)\nscaler.update()',
  ]
  const folder = folderWith(t, { 'train.ipynb': notebook(...cells) })
  const { stdout } = await torchlint(folder, ['check', '.', '--select', 'amp/clip-before-unscale'])
  assert.match(stdout, /^ --> train.ipynb:cell 4:1:1$/m)
  assert.match(stdout, /^ ::: train.ipynb:cell 3:3:1\n {2}\|\n2 \| .*\n3 \| scaler.scale\(loss\).backward\(\)$/m)
})

test('JSON has the cell beside the positions in it', async t => {
  const folder = folderWith(t, { 'train.ipynb': notebook(imports, assignment) })
  const { stdout } = await torchlint(folder, ['check', '--format', 'json', 'train.ipynb'])
  const [entry] = JSON.parse(stdout)
  const { file, cell, start, fix } = entry
  assert.deepEqual({ file, cell, start }, { file: 'train.ipynb', cell: 3, start: { line: 3, column: 22 } })
  const offset = assignment.indexOf('benchmarks')
  assert.deepEqual(fix.edits, [{ cell: 3, start: offset, end: offset + 'benchmarks'.length, text: 'benchmark' }])
})

test('a fix changes the source of its cell and nothing else', async t => {
  const before = notebook(imports, assignment, 'print("中文")')
  const folder = folderWith(t, { 'train.ipynb': before })
  const { exitCode, stdout } = await torchlint(folder, ['check', '--fix', 'train.ipynb'])
  assert.equal(
    stdout,
    `fixed train.ipynb:cell 3:3 backends/unknown-flag: ${title.en}

0 errors, 0 warnings, 0 infos in 1 file; 1 fixed
`,
  )
  assert.equal(exitCode, 0)
  assert.equal(readFileSync(join(folder, 'train.ipynb'), 'utf8'), before.replace('benchmarks', 'benchmark'))
})

test('a notebook that cannot be read is named, and the next file is checked', async t => {
  const folder = folderWith(t, {
    'a.ipynb': notebook(imports).slice(0, -20),
    'b.ipynb': notebook(imports).replace('"python"', '"julia"'),
    'c.py': misspelled,
  })
  const { exitCode, stdout, stderr } = await torchlint(folder, ['check', '.', '--language', 'both', '--format', 'json'])
  assert.match(
    stderr,
    /^a\.ipynb: this is no notebook: its JSON is broken in line \d+\n这不是有效的 notebook：第 \d+ 行/,
  )
  assert.match(stderr, /^b\.ipynb: .*julia/m)
  assert.equal(JSON.parse(stdout).length, 1)
  assert.equal(exitCode, 2)
})

test('a notebook imports the files beside it', async t => {
  const cells = ['from flags import cudnn', 'cudnn.benchmarks = True']
  const folder = folderWith(t, {
    'train.ipynb': notebook(...cells),
    'flags.py': 'import torch\n\ncudnn = torch.backends.cudnn\n',
    'pyproject.toml': '',
  })
  const { stdout } = await torchlint(folder, ['check', 'train.ipynb', '--format', 'json'])
  assert.deepEqual(
    JSON.parse(stdout).map(({ rule, cell }: { rule: string; cell: number }) => [rule, cell]),
    [['backends/unknown-flag', 3]],
  )
})

test('inspect tells cells and lines', async t => {
  const model = 'import torch\nmodel = torch.nn.Linear(2, 2)'
  const optimizer = '%%time\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)'
  const folder = folderWith(t, { 'train.ipynb': notebook(model, '!ls', optimizer), 'broken.ipynb': '[' })
  const { stdout } = await torchlint(folder, ['inspect', 'train.ipynb'])
  assert.match(stdout, /^ {2}2:2 {2}model/m)
  assert.match(stdout, /^ {2}4:2 {2}optimizer/m)
  const json = await torchlint(folder, ['inspect', 'train.ipynb', '--format', 'json'])
  const { name, cell, line } = JSON.parse(json.stdout).optimizers[0]
  assert.deepEqual({ name, cell, line }, { name: 'optimizer', cell: 4, line: 2 })
  const broken = await torchlint(folder, ['inspect', 'broken.ipynb'])
  assert.match(broken.stderr, /^broken\.ipynb: this is no notebook/)
})
