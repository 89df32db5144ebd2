import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type TestContext, test } from 'node:test'
import { discoverAll, isDiscovered } from '../../server/src/checking/discovery.ts'
import { folderWith } from './torchlint.ts'

/** Empty files of these names, in a repository if one of them is `.git/HEAD`. */
function tree(t: TestContext, names: readonly string[], contents: Readonly<Record<string, string>> = {}): string {
  return folderWith(t, { ...Object.fromEntries(names.map(name => [name, ''])), ...contents })
}

async function found(folder: string, ...paths: string[]): Promise<readonly string[]> {
  return (await discoverAll(paths, folder)).map(one => {
    const name = relative(folder, one.path)
    return 'problem' in one ? `${name}: ${one.problem.en}` : name
  })
}

test('the Python files of a folder, by name', async t => {
  const folder = tree(t, ['b.py', 'a/z.py', 'a.py', 'notes.md', 'c.pyc', 'a/data.json'])
  assert.deepEqual(await found(folder, '.'), ['a/z.py', 'a.py', 'b.py'])
})

test('what tools put into a project is left out', async t => {
  const names = [
    '.git/x.py',
    'node_modules/x.py',
    '.venv/x.py',
    'venv/x.py',
    'a/__pycache__/x.py',
    'lib/site-packages/x.py',
  ]
  const folder = tree(t, [...names, 'env/pyvenv.cfg', 'env/lib/x.py', 'train.py'])
  assert.deepEqual(await found(folder, '.'), ['train.py'])
})

test('a file that is named is always checked, whatever it is called', async t => {
  const folder = tree(t, ['venv/a.py', 'script'], { '.gitignore': '*' })
  assert.deepEqual(await found(folder, 'venv/a.py', 'script'), ['venv/a.py', 'script'])
})

test('what is named twice is checked once', async t => {
  const folder = tree(t, ['a.py', 'b/c.py'])
  assert.deepEqual(await found(folder, 'b/c.py', '.', './a.py'), ['b/c.py', 'a.py'])
})

test('.gitignore is respected, the innermost first', async t => {
  const folder = tree(
    t,
    ['a.py', 'gen_a.py', 'out/b.py', 'sub/gen_c.py', 'sub/d.py', 'sub/deep/only.py', 'sub/deep/e.py'],
    {
      '.gitignore': 'gen_*.py\nout/\n',
      'sub/.gitignore': '!gen_c.py\n/deep/only.py\n',
    },
  )
  assert.deepEqual(await found(folder, '.'), ['a.py', 'sub/d.py', 'sub/deep/e.py', 'sub/gen_c.py'])
})

test('.gitignore files above a named folder count as far up as the repository goes', async t => {
  const names = ['repo/.git/HEAD', 'repo/a/b/gen.py', 'repo/a/b/top.py', 'repo/a/b/c.py']
  const folder = tree(t, names, { '.gitignore': 'c.py', 'repo/.gitignore': 'gen.py', 'repo/a/.gitignore': '/b/top.py' })
  assert.deepEqual(await found(folder, 'repo/a/b'), ['repo/a/b/c.py'])
})

test('a folder that is named although it is ignored is checked', async t => {
  const folder = tree(t, ['.git/HEAD', 'out/a.py', 'out/b.py'], { '.gitignore': 'out/', 'out/.gitignore': 'b.py' })
  assert.deepEqual(await found(folder, 'out'), ['out/a.py'])
})

test('links to files are followed, links to folders are not', async t => {
  const folder = tree(t, ['src/a.py'])
  symlinkSync('a.py', join(folder, 'src/b.py'))
  symlinkSync('..', join(folder, 'src/loop'))
  symlinkSync('nowhere.py', join(folder, 'src/broken.py'))
  symlinkSync('circle.py', join(folder, 'src/circle.py'))
  mkdirSync(join(folder, 'src/folder.py'))
  assert.deepEqual(await found(folder, 'src'), ['src/a.py', 'src/b.py'])
})

test('a path that leads nowhere is named', async t => {
  const folder = tree(t, ['a.py'])
  symlinkSync('nowhere', join(folder, 'broken.py'))
  assert.deepEqual(await found(folder, 'missing', 'broken.py', 'a.py/b', 'a.py'), [
    'missing: there is no such file or folder',
    'broken.py: the link leads nowhere',
    'a.py/b: a part of the path is not a folder',
    'a.py',
  ])
})

test('what would be found is known of each file alone', t => {
  const names = [
    '.git/HEAD',
    'a.py',
    'a.ipynb',
    'notes.md',
    'old/b.py',
    'own/pyvenv.cfg',
    'own/c.py',
    'deep/venv/d.py',
    'deep/data/e.py',
    'deep/data/kept.py',
    'deep/left/f.py',
    'left.py',
  ]
  const folder = tree(t, names, { '.gitignore': '/old/\n', 'deep/.gitignore': 'data/*\n!kept.py\n' })
  const isExcluded = (path: string) => /\/left(?:\.py|\/)$/.test(path)
  const all = [...names, 'missing.py']
  assert.deepEqual(
    all.filter(name => isDiscovered(join(folder, name), folder, isExcluded)),
    ['a.py', 'a.ipynb', 'deep/data/kept.py'],
  )
  assert.ok(isDiscovered(join(folder, 'old/b.py'), join(folder, 'old'), isExcluded), 'what is named counts')
})
