/** A rule is three files of one stem. What is missing is named here. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { explain, ruleDescriptions } from '../server/src/analysis.ts'
import { rules } from '../server/src/generated/rules.ts'

const root = join(import.meta.dirname, '..')

function stems(folder: string, extension: string): readonly string[] {
  const files = globSync(`*/*${extension}`, { cwd: join(root, folder) })
  return files.map(file => file.replaceAll('\\', '/').slice(0, -extension.length)).sort()
}

const implemented = stems('server/src/rules', '.ts')

test('every rule has a page, and every page a rule', () => {
  assert.deepEqual(stems('server/src/rules', '.md'), implemented)
})

test('every rule has a fixture, and every fixture a rule', () => {
  assert.deepEqual(stems('test/rules', '.md'), implemented)
})

test('the registry holds every rule, by family and name', () => {
  assert.deepEqual([...rules.keys()].sort(), implemented)
  for (const id of rules.keys()) assert.match(id, /^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/)
})

test('a rule is described and explained in both languages', () => {
  for (const { id, title, summary } of ruleDescriptions())
    for (const language of ['en', 'zh'] as const) {
      assert.notEqual(title[language], '', id)
      assert.notEqual(summary[language], '', id)
      assert(explain(id)?.[language].includes(summary[language]), id)
    }
  assert.equal(explain('amp/no-such-rule'), undefined)
})

test('messages are one sentence without a full stop', () => {
  for (const [id, rule] of rules)
    for (const [name, { en, zh }] of Object.entries(rule.messages)) {
      assert.doesNotMatch(en, /[.!\n]$|\. [A-Z]/, `${id}: ${name}`)
      assert.doesNotMatch(zh, /[。！\n]/, `${id}: ${name}`)
    }
})

test('the tables of both READMEs hold every rule', () => {
  for (const readme of ['README.md', 'README.zh-CN.md']) {
    const text = readFileSync(join(root, readme), 'utf8')
    for (const id of rules.keys()) assert(text.includes(`| [${id}](server/src/rules/${id}.md) |`), `${readme}: ${id}`)
  }
})
