/** What is said about a name: by its own page, that of a base class, or an item of a list. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { documentation, meanings, memberDocumentation } from '../server/src/documentation.ts'
import { parsePage } from '../server/src/page.ts'

const pages = new Map(
  Object.entries({
    'torch.optim.Optimizer.step': '# `Optimizer.step`\n\nOne step.\n\n> 一步。',
    'torch.optim.Optimizer.weight_decay': '# `weight_decay`\n\nPulls.\n\n> 拉。',
    'torch.optim.SGD':
      '# `torch.optim.SGD`\n\nDescends.\n\n> 下降。\n\n' +
      '- `lr=0.001`: a factor.\n- `momentum=0`, `nesterov=False`: inertia.\n- `weight_decay=0`: L2.\n- Not an argument.\n\n' +
      '> - `lr=0.001`：系数。\n> - `momentum=0`、`nesterov=False`：惯性。\n> - `weight_decay=0`：L2。\n> - 不是参数。',
    'torch.amp.GradScaler.step': '# `GradScaler.step`\n\nOr not.\n\n> 或者不。',
    'torch.autocast': '# `torch.autocast`\n\nCasts.\n\n> 转换。',
    'torch.cuda.amp.autocast': '# `torch.cuda.amp.autocast`\n\nOld.\n\n> 旧。',
    'torch.float16': '# `torch.float16`\n\nHalf.\n\n> 半精度。',
    'amp/missing-update': '# Missing / 缺少\n\nMissing.\n\n> 缺少。',
    'concepts/weight-decay': '# Weight decay / 权重衰减\n\nConcept.\n\n> 概念。',
  }).map(([name, text]) => [name, parsePage(`${text}\n`, name)]),
)

suite('documentation of', () => {
  const shows = (title: string, name: string, en: RegExp, zh: RegExp) =>
    test(title, () => {
      const text = documentation(name, pages) ?? assert.fail(`nothing about ${name}`)
      assert.match(text.en, en)
      assert.match(text.zh, zh)
    })
  shows('a name is its page', 'torch.autocast', /^# `torch\.autocast`\n\nCasts\.\n$/, /转换。\n$/)
  shows('another name of it too', 'torch.amp.autocast', /Casts\./, /转换。/)
  shows('a name that is the same object too', 'torch.half', /Half\./, /半精度。/)
  shows('an inherited method is that of the base class', 'torch.optim.SGD.step', /One step\./, /一步。/)
  shows(
    'an argument is its item',
    'torch.optim.SGD.lr',
    /^\*\*`torch\.optim\.SGD`\*\*\n\n- `lr=0\.001`: a factor\.$/,
    /系数。$/,
  )
  shows('an argument that shares an item too', 'torch.optim.SGD.nesterov', /inertia\.$/, /惯性。$/)
  shows(
    'a common argument is its item and its page',
    'torch.optim.SGD.weight_decay',
    /L2\.\n\n# `weight_decay`\n\nPulls\.\n$/,
    /L2。\n\n# .*\n\n拉。\n$/,
  )
  shows('a common argument without an item is its page', 'torch.optim.AdamW.weight_decay', /^# `weight_decay`/, /拉。/)

  test('anything else is nothing', () => {
    for (const name of ['torch.optim.SGD.Not', 'torch.optim.SGD.constructor', 'torch.optim.Adam', 'step', ''])
      assert.equal(documentation(name, pages), undefined, name)
  })
})

test('a member is not the argument of its name', () => {
  assert.equal(memberDocumentation('torch.optim.SGD.lr', pages), undefined)
  assert.match(memberDocumentation('torch.optim.SGD.step', pages)?.en ?? '', /One step\./)
})

test('a short name stands for what ends with it', () => {
  for (const [name, meant] of [
    ['torch.optim.SGD', ['torch.optim.SGD']],
    ['SGD', ['torch.optim.SGD']],
    ['optim.SGD', ['torch.optim.SGD']],
    ['SGD.step', ['torch.optim.SGD.step']],
    ['SGD.momentum', ['torch.optim.SGD.momentum']],
    ['missing-update', ['amp/missing-update']],
    ['weight-decay', ['concepts/weight-decay']],
    ['step', ['torch.optim.Optimizer.step', 'torch.amp.GradScaler.step']],
    ['autocast', ['torch.autocast']],
    ['GD', []],
    ['SGD.mass', []],
    ['', []],
  ] as const)
    assert.deepEqual(meanings(name, pages), meant, name)
})
