/**
 * The tree against CPython's own, position by position: every construct of the grammar, and a sample of the standard
 * library of whatever Python this machine has.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parser } from '../support/parser.ts'
import { difference, reference } from './reference.ts'

const script = join(import.meta.dirname, 'cpython.py')
const constructs = globSync('constructs/*.py', { cwd: import.meta.dirname }).map(file =>
  join(import.meta.dirname, file),
)

/** Not of the standard library, or odd on purpose. */
const unreadable = /site-packages|lib2to3.tests.data|badsyntax|bad_coding|test_compile\.py/

test('every construct is read without an error', () => {
  for (const file of constructs) {
    const { body } = parser.open(readFileSync(file, 'utf8')).module
    const broken = body.filter(statement => statement.broken).map(({ start }) => `${file}: offset ${start}`)
    assert.deepEqual(broken, [])
  }
})

const python = process.platform === 'win32' ? 'python' : 'python3'
const library = standardLibrary()

test('every construct is read as CPython reads it', { skip: library === undefined && 'needs Python 3.10' }, () => {
  assert.ok(compare(constructs) >= 2)
})

test('the standard library is read as CPython reads it', { skip: library === undefined && 'needs Python 3.10' }, () => {
  const files = globSync('**/*.py', { cwd: library ?? '.' })
    .filter(file => !unreadable.test(file))
    .sort()
  const sample = files.filter((_, index) => index % 40 === 0).map(file => join(library ?? '.', file))
  assert.ok(compare(sample) > 20)
})

/** How many of the files CPython can read, all of which have the same tree. */
function compare(files: readonly string[]): number {
  const { stdout } = spawnSync(python, [script], { input: files.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 30 })
  let read = 0
  for (const [index, line] of stdout.trimEnd().split('\n').entries()) {
    const file = files[index] ?? ''
    const theirs: unknown = JSON.parse(line)
    if (theirs === null) continue
    read++
    const source = parser.open(readFileSync(file, 'utf8'))
    assert.equal(difference(reference(source.module), theirs, file), undefined)
    source.dispose()
  }
  return read
}

function standardLibrary(): string | undefined {
  const query = 'import sys, sysconfig; print(sys.version_info >= (3, 10), sysconfig.get_path("stdlib"))'
  const { stdout } = spawnSync(python, ['-c', query], { encoding: 'utf8' })
  return /^True (.+)/.exec(stdout ?? '')?.[1]
}
