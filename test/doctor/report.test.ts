/** The memory report: what it sees in a script, and what becomes of the script whose changes are applied. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Analysis, createAnalyzer, memoryPage } from '../../server/src/analysis.ts'
import { applyEdits } from '../../server/src/fix.ts'
import { readGrammar } from '../../server/src/hosts/grammar.ts'
import { leaking, thrifty } from './scripts.ts'

const analyzer = await createAnalyzer(readGrammar())
const analyze = (text: string): Analysis => analyzer.open(text).analyze({})
const reportOf = (text: string, error?: string) => {
  const report = analyze(text).memory({ file: 'train.py', ...(error !== undefined && { error }) })
  assert.ok(report)
  return report
}

test('the findings that cost memory come first, the worst of them before the others', () => {
  const { findings } = reportOf(leaking)
  assert.deepEqual(
    findings.map(({ finding, line }) => [finding.rule, line]),
    [
      ['memory/loss-keeps-graph', 38],
      ['memory/eval-without-no-grad', 42],
    ],
  )
})

test('what a script could use, each with its change', () => {
  const { suggestions } = reportOf(leaking)
  assert.deepEqual(
    suggestions.map(({ id, edits }) => [id, edits !== undefined]),
    [
      ['mixed-precision', true],
      ['accumulation', true],
      ['streamed-evaluation', true],
      ['checkpointing', true],
      ['second-gpu', false],
      ['fused-optimizer', true],
      ['eight-bit-optimizer', false],
    ],
  )
})

test('a change, once applied, is not suggested again and brings no findings', () => {
  const before = new Set(analyze(leaking).findings.map(({ rule }) => rule))
  for (const { id, edits } of reportOf(leaking).suggestions) {
    if (!edits) continue
    const after = analyze(applyEdits(leaking, edits))
    assert.deepEqual(
      after.findings.map(({ rule }) => rule).filter(rule => !before.has(rule)),
      [],
      id,
    )
    assert.ok(
      after.memory({ file: 'train.py' })?.suggestions.every(other => other.id !== id),
      id,
    )
  }
})

test('all changes go together, one after the other', () => {
  let text = leaking
  for (let round = 0; round < 10; round++) {
    const next = reportOf(text).suggestions.find(({ edits }) => edits !== undefined)
    if (!next?.edits) break
    text = applyEdits(text, next.edits)
  }
  assert.equal(
    text.slice(text.indexOf('        for i, ('), text.indexOf('        model.eval()')),
    `        for i, (images, labels) in enumerate(train_loader):
            images, labels = images.cuda(), labels.cuda()
            with torch.autocast("cuda", dtype=torch.float16):
                outputs = model(images)
                loss = criterion(outputs, labels)
            scaler.scale(loss / 2).backward()
            if (i + 1) % 2 == 0 or i + 1 == len(train_loader):
                scaler.step(optimizer)
                scaler.update()
                optimizer.zero_grad()
            total += loss

`,
  )
})

test('a script that does all this is told so, and gets no suggestions of it', () => {
  const { suggestions, used } = reportOf(thrifty)
  assert.deepEqual(
    suggestions.map(({ id }) => id),
    ['second-gpu'],
  )
  assert.deepEqual(
    used.map(({ text }) => text.en),
    [
      'activation checkpointing',
      'a fused optimizer',
      'mixed precision',
      'gradient accumulation over `4` batches',
      'no graph outside of training (`no_grad`, `inference_mode`)',
    ],
  )
})

test('the optimizer is counted with its state', () => {
  assert.deepEqual(reportOf(leaking).optimizers, [{ name: 'optimizer', className: 'Adam', bytes: 16 }])
  assert.deepEqual(reportOf(thrifty).optimizers, [{ name: 'optimizer', className: 'SGD', bytes: 12 }])
})

test('the traceback leads to the line, and the line says at which moment of the training that was', () => {
  const error = (line: number) =>
    `File "/home/me/train.py", line ${line}, in main\nRuntimeError: CUDA error: out of memory`
  const momentOf = (line: number) => {
    const report = reportOf(leaking, error(line)).error
    assert.ok(report && report !== 'unknown')
    return report.moment
  }
  assert.equal(momentOf(36)?.text, 'loss.backward()')
  assert.match(momentOf(36)?.meaning?.en ?? '', /activations of the whole batch/)
  assert.match(momentOf(37)?.meaning?.en ?? '', /optimizer's state/)
  assert.match(momentOf(43)?.meaning?.en ?? '', /This is the evaluation/)
  assert.equal(reportOf(leaking, 'KeyError: 3').error, 'unknown')
})

test('a file that trains nothing is told so', () => {
  const report = reportOf('import torch\n\nx = torch.zeros(3)\n')
  assert.equal(report.training.kind, 'nowhere')
  assert.deepEqual(report.suggestions, [])
})

test('the page exists in both languages, with links only where they lead somewhere', () => {
  const report = reportOf(leaking, 'CUDA error: out of memory')
  const none = () => undefined
  const { en, zh } = memoryPage(report, { fix: none, apply: none, line: none, page: none })
  assert.doesNotMatch(en, /\]\(|undefined|\p{Script=Han}/u)
  assert.match(zh, /^# 为什么显存不足？/)
  assert.equal(en.match(/^#/gm)?.length, zh.match(/^#/gm)?.length)
  const linked = memoryPage(report, { fix: () => 'a:b', apply: () => 'c:d', line: n => `e:${n}`, page: name => name })
  assert.match(linked.zh, /\[应用修复：.*\]\(a:b\)/)
  assert.match(linked.en, /\[Apply this change\]\(c:d\)/)
})

test('a network that is one chain gets no checkpoint around all of it, which would save nothing', () => {
  const single = leaking.replace('        x = self.body(x)\n', '')
  const found = reportOf(single).suggestions.find(({ id }) => id === 'checkpointing')
  assert.ok(found && found.edits === undefined && found.code !== undefined)
})

test('a counter that is there already is used, also inside a progress bar', () => {
  const counted = leaking
    .replace('for images, labels in train_loader:', 'for step, (images, labels) in tqdm(enumerate(train_loader)):')
    .replace('import torch\n', 'import torch\nfrom tqdm import tqdm\n')
  const found = reportOf(counted).suggestions.find(({ id }) => id === 'accumulation')
  assert.ok(found?.difference?.some(({ lines }) => lines.some(line => /^\+ {12}if \(step \+ 1\) % 2 == 0/.test(line))))
})

test('what the user of a script can set comes before what has to be programmed', () => {
  const text = `import argparse
parser = argparse.ArgumentParser()
parser.add_argument("-b", "--batch-size", type=int, default=16)
parser.add_argument("--val-batch-size", type=int, default=16)
parser.add_argument("--fp16", action="store_true")
parser.add_argument("--amp", default=True)
parser.add_argument("--epochs", default=3)
input_shape = [512, 512]
`
  assert.deepEqual(
    reportOf(text).options.map(({ name, value, line }) => [name, value, line]),
    [
      ['--batch-size', '16', 3],
      ['--fp16', 'False', 5],
      ['input_shape', '[512, 512]', 8],
    ],
  )
})

test('where somebody else runs the training step, the page says so', () => {
  const library = 'from accelerate import Accelerator\naccelerator = Accelerator(mixed_precision="fp16")\n'
  const { training } = reportOf(`${library}accelerator.backward(loss)\n`)
  assert.ok(training.kind === 'library')
  assert.equal(training.settings.code, 'Accelerator(\n    ...,\n    gradient_accumulation_steps=4,\n)')
  assert.equal(reportOf('loss.backward()\n').training.kind, 'unclear')
})

test('written by hand, accumulation has all that happens once in a window', () => {
  const script = `import torch
model = torch.nn.Linear(2, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cuda")
for x in loader:
    optimizer.zero_grad()
    with torch.autocast("cuda"):
        loss = model(x).sum()
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    scaler.step(optimizer)
    scaler.update()
`
  const found = reportOf(script).suggestions.find(({ id }) => id === 'accumulation')
  assert.match(
    found?.code ?? '',
    / {8}scaler\.unscale_\(optimizer\)\n {8}scaler\.step\(optimizer\)\n {8}scaler\.update\(\)\n {8}optimizer\.zero_grad\(\)$/,
  )
})

test('what is for CUDA alone is not suggested for the GPU of a Mac', () => {
  const error = 'MPS backend out of memory (MPS allocated: 8.40 GiB, max allowed: 9.00 GiB). Tried to allocate 1.00 GiB'
  const ids = reportOf(leaking, error).suggestions.map(({ id }) => id)
  assert.deepEqual(ids, ['accumulation', 'streamed-evaluation', 'checkpointing', 'fused-optimizer'])
})
