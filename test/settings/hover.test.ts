/** What is said about the word under the cursor, `|`, of a configuration file. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingHover } from '../../server/src/settings/hover.ts'

function hover(marked: string, name = 'torchlint.toml') {
  const text = marked.replace('|', '')
  const found = settingHover(`/a/${name}`, text, marked.indexOf('|'))
  return found && { word: text.slice(found.start, found.end), ...found.markdown }
}

test('a setting is explained with its values and its default', () => {
  const preset = hover('pre|set = "all"\r\n')
  assert.equal(preset?.word, 'preset')
  assert.match(preset.en, /The rules to check .*\n\n- `"recommended"`: .*\n- `"all"`: .*\n\nDefault: `"recommended"`$/)
  assert.match(preset.zh, /没有指定规则.*\n\n- `"recommended"`：?.*\n- `"all"`.*\n\n默认值：`"recommended"`$/)
  assert.equal(hover('[tool.torchlint.sever|ity]', 'pyproject.toml')?.word, 'severity')
  assert.equal(hover('[tool]\ntorchlint."ign|ore" = []', 'pyproject.toml')?.word, '"ignore"')
})

test('a rule shows its page, a pattern the rules that it means', () => {
  assert.match(hover('select = ["amp/missing-|update"]')?.en ?? '', /`scaler.update\(\)` is missing/)
  assert.match(hover('[severity]\n"|amp/missing-update" = "off"')?.zh ?? '', /缺少 `scaler.update\(\)`/)
  const family = hover('[per-file-ignores]\n"a/" = ["am|p/*"]')
  assert.match(family?.en ?? '', /^\*\*`amp\/\*`\*\*: \d+ rules\n\n- `amp\/[\w-]+`: /)
  assert.match(family?.zh ?? '', /^\*\*`amp\/\*`\*\*：\d+ 条规则\n/)
})

test('a value that is one of a few is explained', () => {
  assert.equal(hover('language = "zh-|cn"')?.en, 'Simplified Chinese')
})

test('nothing is said about anything else', () => {
  for (const marked of [
    '# amp/missing-|update',
    'sel|ct = []',
    'ignore = ["no/such-|rule"]',
    'exclude = ["amp|"]',
    'ignore =| []',
  ])
    assert.equal(hover(marked), undefined, marked)
  assert.equal(hover('[tool.other]\nsel|ect = ["amp/missing-update"]', 'pyproject.toml'), undefined)
})
