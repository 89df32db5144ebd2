import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAnalyzer } from '../server/src/analysis.ts'
import { createModel } from '../server/src/semantic/create.ts'
import { createWorkspaceFiles } from '../server/src/workspace.ts'
import { analyze } from './support/analyzer.ts'
import { grammar, parser } from './support/parser.ts'
import { clippedWithImports, madeElsewhere } from './support/scripts.ts'

/** What a script makes the analysis read, with the values of all its names asked for. */
function readingOf(script: string, read: (path: string) => string | undefined, isInProject = true) {
  const asked: string[] = []
  const reader = (path: string) => {
    asked.push(path)
    return read(path)
  }
  const files = createWorkspaceFiles(parser, { read: reader, rootOf: () => (isInProject ? '/p' : undefined) })
  const source = parser.open(script)
  const followed = files.importedBy('/p/tools/train.py', source.module)
  const model = createModel(source.module, {}, followed)
  const values = model.nodes('Name').flatMap(name => model.values(name))
  source.dispose()
  return { asked, values, files, followed }
}

test('a file is read once, also what does not exist, until it is said to have changed', () => {
  const { asked, files, followed } = readingOf('import engine\nengine.f\nengine.g\n', path =>
    path === '/p/engine.py' ? 'def f(): pass\n' : undefined,
  )
  assert.equal(new Set(asked).size, asked.length)
  assert.ok(followed.asked.has('/p/engine.py') && followed.asked.has('/p/tools/engine.py'))
  const again = parser.open('import engine\nengine.f\n')
  const before = asked.length
  const second = files.importedBy('/p/tools/train.py', again.module)
  assert.ok(second.find('engine', again.module))
  assert.equal(asked.length, before)
  files.forget('/p/engine.py')
  const third = files.importedBy('/p/tools/train.py', again.module)
  assert.ok(third.find('engine', again.module))
  assert.deepEqual(asked.slice(before), ['/p/engine.py'])
  again.dispose()
})

const made = `import train
${madeElsewhere}torch.backends.cudnn.benchmrk = True
`
const train = clippedWithImports

test('a file is parsed once for itself and for those that import it, whichever is checked first', async () => {
  const texts = new Map([
    ['/p/made.py', made],
    ['/p/train.py', train],
  ])
  const alone = (name: string, text: string) => analyze(text, {}, new Map([['made.py', made]]), name).findings
  const [inMade] = alone('made.py', made)
  const [inTrain] = alone('train.py', train)
  assert.equal(made.slice(inMade?.start, inMade?.end), 'benchmrk')
  assert.equal(inTrain?.rule, 'amp/clip-before-unscale')
  for (const order of ['mmtt', 'ttmm', 'mtmt', 'tmtm']) {
    const analyzer = await createAnalyzer(grammar, { read: path => texts.get(path), rootOf: () => '/p' })
    for (const [index, letter] of [...order].entries()) {
      const path = letter === 'm' ? '/p/made.py' : '/p/train.py'
      const { findings } = analyzer.check(texts.get(path) ?? '', path, {})
      assert.deepEqual(findings, [letter === 'm' ? inMade : inTrain], `${order} ${index}`)
    }
  }
})

test('a text that is not that of its file is checked by itself', async () => {
  const analyzer = await createAnalyzer(grammar, { read: () => made, rootOf: () => '/p' })
  assert.equal(analyzer.check(made, '/p/made.py', {}).findings.length, 1)
  assert.deepEqual(analyzer.check(made.replace('benchmrk', 'benchmark'), '/p/made.py', {}).findings, [])
  assert.equal(analyzer.check(made, '/p/made.py', {}).findings.length, 1)
})

test('nothing is read beyond the project, or of a library', () => {
  const { asked } = readingOf('import torch\nfrom ....secret import a\nimport b\ntorch, a, b\n', () => undefined)
  assert.ok(asked.length > 0)
  assert.ok(asked.every(path => path.startsWith('/p/') && !path.includes('torch')))
  const outside = readingOf('import b\nfrom .. import c\nb, c\n', () => undefined, false)
  assert.ok(outside.asked.every(path => path.startsWith('/p/tools/')))
})

test('a chain of imports without an end, and a file that is far too large, end in the unknown', () => {
  const endless = (path: string) => {
    const number = /^\/p\/m(\d+)\.py$/.exec(path)?.[1]
    return number === undefined ? undefined : `from m${Number(number) + 1} import x\n`
  }
  const { asked, values } = readingOf('from m0 import x\nx\n', endless)
  assert.ok(asked.length < 2000)
  const many = readingOf(Array.from({ length: 300 }, (_, n) => `from m${n * 1000} import x\nx\n`).join(''), endless)
  assert.ok(many.asked.filter(endless).length <= 100)
  assert.ok(values.every(({ kind }) => kind === 'unknown' || kind === 'symbol'))
  const large = readingOf('from large import x\nx\n', path =>
    path === '/p/large.py' ? `x = 1\n${'y = [0]\n'.repeat(40_000)}` : undefined,
  )
  assert.ok(large.values.every(({ kind }) => kind === 'symbol'))
})

test('files that consist of nothing, or of star imports of each other, stop no analysis', () => {
  const files = new Map([
    ['a.py', 'from b import *\nfrom main import *\n'],
    ['b.py', 'from a import *\n'],
    ['c/__init__.py', ''],
    ['d.py', 'from d import *\nfrom . import d\nimport d.d as e\n'],
  ])
  const script = 'from a import *\nfrom c import *\nfrom c import x\nimport d\nx, y, d.e, d.d.d\nprint(z)\n'
  assert.deepEqual(analyze(script, {}, files).notices, [])
})
