/** The API boundary: documents, versions, limits, hovers. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { explain, type Settings } from '../server/src/analysis.ts'
import { analyze, analyzer } from './support/analyzer.ts'

const script = `import torch
from torch import nn

model = nn.Linear(8, 2).cuda()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
scaler = torch.amp.GradScaler("cuda")
for x, y in loader:
    optimizer.zero_grad()
    with torch.autocast("cuda"):
        loss = nn.functional.cross_entropy(model(x), y)
    scaler.scale(loss).backward()
    scaler.step(optimizer)
    scaler.update()
`

suite('a document', () => {
  test('answers again from memory, once per version and settings', () => {
    const document = analyzer.open(script)
    const settings: Settings = {}
    const first = document.analyze(settings)
    assert.equal(document.analyze(settings), first)
    assert.notEqual(document.analyze({}), first)
    document.change([{ start: 0, end: 0, text: '\n' }])
    assert.notEqual(document.analyze(settings), first)
    document.dispose()
  })

  test('applies changes one after the other', () => {
    const document = analyzer.open(script)
    const line = '    scaler.update()\n'
    const start = script.indexOf(line)
    document.change([
      { start: 0, end: 0, text: '# one\n' },
      { start: start + 6, end: start + 6 + line.length, text: '' },
    ])
    assert.equal(document.text, `# one\n${script.replace(line, '')}`)
    const { findings } = document.analyze({})
    assert.deepEqual(findings, analyze(document.text).findings)
    assert(findings.some(({ rule }) => rule === 'amp/missing-update'))
    document.dispose()
  })

  test('that grows too large says so, and is analysed when it is small again', () => {
    const document = analyzer.open(script)
    const ballast = `#${' '.repeat(2 ** 20)}\n`
    document.change([{ start: 0, end: 0, text: ballast }])
    const { findings, notices, hover, inspect } = document.analyze({})
    assert.deepEqual(
      notices.map(({ kind }) => kind),
      ['too-large'],
    )
    assert.match(notices[0]?.message.en ?? '', /1,04\d,\d{3} characters, more than the 1,048,576/)
    assert.deepEqual([findings.length, hover(5), inspect().optimizers.length], [0, undefined, 0])
    document.change([{ start: 0, end: ballast.length, text: '' }])
    assert.equal(document.analyze({}).inspect().optimizers.length, 1)
    document.dispose()
  })
})

suite('bad input is no reason to throw', () => {
  const cases: Readonly<Record<string, string>> = {
    'an empty file': '',
    'a line break': '\r',
    'a byte order mark': `\uFEFF${script}`,
    'binary data': Array.from({ length: 5000 }, (_, index) => String.fromCharCode((index * 7919) % 256)).join(''),
    'half a surrogate pair': 'x = "\uD800"\n',
    'half a script': script.slice(0, script.indexOf('scaler.step') + 9),
    '2,000 nested parentheses': `${'('.repeat(2000)}${')'.repeat(2000)}`,
    '2,000 open parentheses': '('.repeat(2000),
    '2,000 nested calls': `${'f('.repeat(2000)}${')'.repeat(2000)}`,
    '2,000 chained operators': `x = ${'1 + '.repeat(2000)}1`,
    '500 nested blocks': `${Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}if x:\n`).join('')}${' '.repeat(500)}pass`,
  }
  for (const [title, text] of Object.entries(cases))
    test(title, () => {
      const { findings, notices, hover, inspect } = analyze(text)
      inspect()
      for (const offset of [0, text.length >> 1, text.length]) hover(offset)
      assert(findings.length + notices.length >= 0)
    })
})

suite('hover', () => {
  const { findings, hover } = analyze(script)
  const at = (text: string, offset = 0) => hover(script.indexOf(text) + offset)

  const pages: readonly (readonly [string, number, string])[] = [
    ['torch.amp.GradScaler', 12, 'torch.amp.GradScaler'],
    ['scaler.step', 8, 'torch.amp.GradScaler.step'],
    ['scaler.scale', 8, 'torch.amp.GradScaler.scale'],
    ['torch.autocast', 8, 'torch.autocast'],
    ['torch.optim.AdamW', 13, 'torch.optim.AdamW'],
    ['weight_decay', 3, 'torch.optim.Optimizer.weight_decay'],
  ]
  for (const [text, offset, name] of pages)
    test(`${text} shows the page of ${name}`, () => {
      const page = explain(name) ?? assert.fail(`there is no page ${name}`)
      const { markdown } = at(text, offset) ?? assert.fail('no hover')
      assert(markdown.en.endsWith(page.en))
      assert(markdown.zh.endsWith(page.zh))
    })

  test('covers the name, not the expression', () => {
    const { start, end } = at('scaler.step', 8) ?? assert.fail('no hover')
    assert.equal(script.slice(start, end), 'step')
  })

  test('a finding shows what its rule finds and why, and the page of the name below', () => {
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['optimizer/bias-decay'],
    )
    const { markdown } = hover((findings[0]?.end ?? 0) - 1) ?? assert.fail('no hover')
    const page = explain('optimizer/bias-decay')
    for (const language of ['en', 'zh'] as const) {
      const [heading = '', summary = '', ...why] = markdown[language].split('\n\n')
      assert.match(heading, /^\*\*.+\*\* · `optimizer\/bias-decay`$/)
      const fix = findings[0]?.fix ?? assert.fail('no fix')
      const repair = why.indexOf(`**${fix.title[language]}**`)
      assert(repair > 0)
      for (const part of [summary, ...why.slice(0, repair)]) assert(page?.[language].includes(part), part)
      assert.match(why[repair + 1] ?? '', /^```python\n/)
    }
  })

  test('is silent where there is nothing to say', () => {
    assert.equal(at('(8, 2)', 1), undefined)
    assert.equal(at('for x', 4), undefined)
  })

  test('explains the key of a parameter group', () => {
    const text = 'import torch\nopt = torch.optim.SGD([{"params": p, "weight_decay": 0.1}])\n'
    assert.equal(
      analyze(text).hover(text.indexOf('weight_decay'))?.markdown.en,
      explain('torch.optim.SGD.weight_decay')?.en,
    )
  })

  test('explains the rule that a comment names', () => {
    const text = 'x = 1  # torchlint: ignore[amp/missing-update]\n'
    const { markdown, start, end } = analyze(text).hover(text.indexOf('missing')) ?? assert.fail('no hover')
    assert.equal(text.slice(start, end), 'amp/missing-update')
    assert.equal(markdown.zh, explain('amp/missing-update')?.zh)
  })

  test('says what a name was resolved to', () => {
    const text = 'import torch\ncriterion = torch.nn.CrossEntropyLoss()\nloss = criterion(a, b)\n'
    const { markdown } = analyze(text).hover(text.indexOf('criterion(') + 2) ?? assert.fail('no hover')
    assert.equal(markdown.en, '**`criterion`** · `torch.nn.CrossEntropyLoss`, line 2')
  })

  test('explains an imported name', () => {
    const text = 'from torch.cuda.amp import GradScaler\n'
    assert.equal(analyze(text).hover(text.indexOf('Grad') + 1)?.markdown.en, explain('torch.cuda.amp.GradScaler')?.en)
  })
})
