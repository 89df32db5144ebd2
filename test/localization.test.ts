/** Every text of the extension exists in both languages, and none is left over. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const keys = (file: string) => Object.keys(JSON.parse(read(file))).sort()

test('the manifest', () => {
  const used = [...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(match => match[1]).sort()
  assert.deepEqual(keys('package.nls.json'), used)
  assert.deepEqual(keys('package.nls.zh-cn.json'), used)
})

test('the client', () => {
  const sources = globSync('client/src/*.ts', { cwd: root }).map(read)
  const used = sources.flatMap(source => [...source.matchAll(/l10n\.t\(\s*'([^']+)'/g)].map(match => match[1]))
  assert.deepEqual(keys('l10n/bundle.l10n.zh-cn.json'), [...new Set(used)].sort())
})
