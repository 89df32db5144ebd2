/** What is offered at the cursor, `|`, of configuration files that are half written. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Completion, completions } from '../../server/src/settings/completion.ts'
import { fileSettings } from '../../server/src/settings/table.ts'

function offered(marked: string, name = 'torchlint.toml'): readonly Completion[] {
  const offset = marked.indexOf('|')
  assert.ok(offset >= 0, 'the text has a cursor')
  return completions(`/a/${name}`, marked.replace('|', ''), offset)
}

/** The text, and the cursor in it, once the completion of this label has been chosen. */
function chosen(marked: string, label: string, name?: string): string {
  const completion = offered(marked, name).find(completion => completion.label === label)
  assert.ok(completion, `${label} is offered in ${marked}`)
  const { range, before, after, filter } = completion
  const text = marked.replace('|', '')
  const typed = text.slice(range.start, marked.indexOf('|'))
  assert.ok(filter.startsWith(typed), `${filter} begins with ${typed}`)
  return `${text.slice(0, range.start)}${before}|${after}${text.slice(range.end)}`
}

const labels = (marked: string, name?: string) => offered(marked, name).map(({ label }) => label)
const keys = fileSettings.map(({ key }) => key)
const clip = 'amp/clip-before-unscale'

test('the name of a setting comes with what it takes', () => {
  assert.deepEqual(labels('|'), keys)
  assert.equal(chosen('sel|', 'select'), 'select = ["|"]')
  assert.equal(chosen('sev|', 'severity'), 'severity = { | }')
  assert.equal(chosen('pre|\nignore = []\n', 'preset'), 'preset = "|"\nignore = []\n')
  assert.equal(chosen('per-file|', 'per-file-ignores'), 'per-file-ignores = { "|" = [] }')
  assert.equal(chosen('"tor|"', 'torch-version'), '"torch-version" = "|"')
})

test('a name that has its value is completed alone', () => {
  assert.equal(chosen('s|lct = ["amp"]', 'select'), 'select| = ["amp"]')
})

test('what is said already is not offered again', () => {
  assert.deepEqual(
    labels('select = []\n|\n[severity]\namp = "off"\n'),
    keys.filter(key => key !== 'select' && key !== 'severity'),
  )
  assert.ok(!labels(`ignore = ["${clip}", "|"]`).includes(clip))
  assert.ok(labels(`select = ["${clip}"]\nignore = ["|"]`).includes(clip))
})

test('rules and families are offered wherever rules are named', () => {
  for (const marked of [
    'select = ["|"]',
    'select = ["|',
    "select = ['|']",
    'select = [|]',
    'select = [\r\n  # why\r\n  "loop/*",\r\n  "|\r\n]\r\n',
    'ignore = |',
    '[severity]\n|',
    '[severity]\n"|" = "error"',
    'severity."|',
    'severity = { amp = "off", | }',
    'severity = {\n  amp = "off",\n  "|\n}',
    '[per-file-ignores]\n"tests/" = ["|"]',
    'per-file-ignores = { "tests/" = ["|',
    'per-file-ignores."tests/" = ["amp/*", |]',
  ]) {
    assert.ok(labels(marked).includes('data/*') && labels(marked).includes(clip), marked)
  }
})

test('a rule is written with its quotes, in a list, or with its level', () => {
  assert.equal(chosen('select = ["am|', 'amp/*'), 'select = ["amp/*"|')
  assert.equal(chosen('select = ["am|"]', 'amp/*'), 'select = ["amp/*"|]')
  assert.equal(chosen("select = ['amp/c|lip', 'loop']", clip), `select = ['${clip}'|, 'loop']`)
  assert.equal(chosen('select = [am|]', 'amp/*'), 'select = ["amp/*"|]')
  assert.equal(chosen('select = |', 'amp/*'), 'select = ["amp/*"]|')
  assert.equal(chosen('[severity]\n"amp|"', 'amp/*'), '[severity]\n"amp/*" = "|"')
  assert.equal(chosen('[severity]\n"amp|" = "off"', 'amp/*'), '[severity]\n"amp/*"| = "off"')
  assert.equal(chosen('select = ["am|, "loop/*"]', 'amp/*'), 'select = ["amp/*"|, "loop/*"]')
})

test('levels, presets, languages and versions are offered as values', () => {
  const levels = ['error', 'warning', 'info', 'off']
  assert.deepEqual(labels('[severity]\n"amp/*" = |'), levels)
  assert.deepEqual(labels('severity = { amp = "|'), levels)
  assert.deepEqual(labels('severity.amp = "e|"'), levels)
  assert.deepEqual(labels('preset = "|"'), ['recommended', 'all'])
  assert.deepEqual(labels('language = |\n'), ['auto', 'en', 'zh-cn', 'both'])
  assert.equal(labels('torch-version = "2|"')[0], 'auto')
  assert.equal(chosen('torch-version = "2.|', '2.4'), 'torch-version = "2.4"|')
})

test('what was left open above does not matter', () => {
  assert.deepEqual(labels('select = ["am\npreset = "|'), ['recommended', 'all'])
  assert.deepEqual(labels('select = ["amp/*",\n\n[severity] # levels\namp = "|'), ['error', 'warning', 'info', 'off'])
  assert.deepEqual(labels('severity = { "amp\npreset = "|'), ['recommended', 'all'])
  assert.deepEqual(labels('[tool.torchlint\nselect = []\npreset = |', 'pyproject.toml'), ['recommended', 'all'])
})

test('nothing is offered where nothing of ours may stand', () => {
  for (const marked of [
    'select = [] |',
    'select = ["amp/*"|]',
    'select |',
    '# sel|',
    'exclude = ["|"]',
    '[severity.amp]\n|',
    '[other]\n|',
    '[per-file-ignores]\n|',
    'select = """\nam|',
  ])
    assert.deepEqual(labels(marked), [], marked)
  for (const marked of [
    '|',
    '[project]\n|',
    '[tool]\n|',
    '[tool.ruff]\nselect = ["|"]',
    '[tool.ruff.severity]\n"|"',
    '[tool.torchlint-other]\n|',
    '[|]',
    '[tool.ruff.|]',
    '[[tool.mypy.overrides]]\n|',
  ])
    assert.deepEqual(labels(marked, 'pyproject.toml'), [], marked)
})

test('in a pyproject.toml it is the table, however it is written', () => {
  for (const marked of [
    '[project]\r\nname = "a"\r\n\r\n[tool.torchlint]\r\n|',
    '[ tool . "torchlint" ]\nsel|',
    '[tool]\ntorchlint.|',
    '[tool]\ntorchlint = { | }',
    'tool.torchlint.|',
  ])
    assert.deepEqual(labels(marked, 'pyproject.toml'), keys, marked)
  assert.ok(labels('[tool.torchlint.severity]\n"|', 'pyproject.toml').includes(clip))
  assert.ok(labels('[tool.torchlint.per-file-ignores]\n"a/" = ["|', 'pyproject.toml').includes(clip))
})

test('the names of its tables are offered', () => {
  assert.deepEqual(labels('[|'), ['severity', 'per-file-ignores'])
  assert.deepEqual(labels('severity.amp = "off"\n[|]'), ['per-file-ignores'])
  assert.equal(chosen('[tool.tor|', 'torchlint', 'pyproject.toml'), '[tool.torchlint]|')
  assert.equal(chosen('[tool.torchlint.|]', 'severity', 'pyproject.toml'), '[tool.torchlint.severity|]')
})
