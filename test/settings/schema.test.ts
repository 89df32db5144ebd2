/** The manifest, its texts and the schemas say what the table of settings says: `npm run generate` has been run. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { editorSchema, fileSchema, manifestProperties, manifestTexts } from '../../scripts/settings.ts'
import { ruleDescriptions } from '../../server/src/analysis.ts'
import { fileSettings } from '../../server/src/settings/table.ts'

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, '../..', name), 'utf8'))

test('the manifest has every setting, with its texts', () => {
  const { properties } = read('package.json').contributes.configuration
  assert.deepEqual({ ...properties, ...manifestProperties() }, properties)
  for (const [file, language] of [
    ['package.nls.json', 'en'],
    ['package.nls.zh-cn.json', 'zh'],
  ] as const) {
    const texts = read(file)
    assert.deepEqual({ ...texts, ...manifestTexts(language) }, texts)
  }
})

test('the schemas know every key and every rule', () => {
  const rules = ruleDescriptions()
  const schema = read('schemas/torchlint.schema.json')
  assert.deepEqual(schema, JSON.parse(JSON.stringify(fileSchema(rules))))
  assert.deepEqual(
    Object.keys(schema.properties),
    fileSettings.map(({ key }) => key),
  )
  for (const { id } of rules) assert.ok(schema.definitions.rule.enum.includes(id), id)
  assert.deepEqual(Object.keys(editorSchema(rules).properties ?? {}), [
    'torchlint.select',
    'torchlint.ignore',
    'torchlint.severity',
    'torchlint.perFileIgnores',
  ])
})

test('the schemas take what makes sense, and nothing else', () => {
  const rules = ruleDescriptions()
  const schemas = {
    file: new Ajv({ strict: false }).compile(fileSchema(rules)),
    editor: new Ajv({ strict: false }).compile(editorSchema(rules)),
  }
  assert.ok(schemas.file({ select: ['amp/*'], severity: { 'amp/missing-update': 'off' }, 'torch-version': '2.4' }))
  assert.ok(schemas.file({ 'per-file-ignores': { 'tests/': ['data'] }, preset: 'all', language: 'zh-cn' }))
  assert.ok(
    schemas.editor({ 'torchlint.select': ['*'], 'torchlint.severity': { 'amp/*': 'error' }, 'editor.tabSize': 4 }),
  )
  for (const wrong of [
    { selct: [] },
    { select: ['amp/missing'] },
    { severity: { amp: 'high' } },
    { 'torch-version': 2.4 },
  ])
    assert.ok(!schemas.file(wrong), JSON.stringify(wrong))
  for (const wrong of [{ 'torchlint.ignore': ['amp/missing'] }, { 'torchlint.perFileIgnores': { a: 'amp' } }])
    assert.ok(!schemas.editor(wrong), JSON.stringify(wrong))
})
