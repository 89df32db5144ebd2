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
  assert.equal(report.trains, false)
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
