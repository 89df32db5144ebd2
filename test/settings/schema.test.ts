/** The manifest, its texts and the schemas say what the table of settings says: `npm run generate` has been run. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
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
