/** What ignoring a rule writes into configuration files of all forms. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyEdits } from '../../server/src/fix.ts'
import { configurationFiles } from '../../server/src/settings/files.ts'
import { ignoringEdit } from '../../server/src/settings/ignoring.ts'

const rule = 'amp/missing-update'

function ignored(files: Readonly<Record<string, string>>): readonly [string, string] | undefined {
  const host = { read: (path: string) => files[path.slice('/a/'.length)], names: () => [] }
  const written = ignoringEdit(rule, configurationFiles(host).nearest('/a'), '/a', host)
  return written && [written.path, applyEdits(written.text ?? '', [written.edit])]
}

const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly [string, string] | undefined])[] = [
  ['nothing yet', {}, ['/a/torchlint.toml', `ignore = ["${rule}"]\n`]],
  [
    'a pyproject.toml of others',
    { 'pyproject.toml': '[project]\nname = "a"' },
    ['/a/pyproject.toml', `[project]\nname = "a"\n\n[tool.torchlint]\nignore = ["${rule}"]\n`],
  ],
  [
    'a table without the key',
    { 'pyproject.toml': '[tool.torchlint] # ours\r\nselect = ["amp"]\r\n' },
    ['/a/pyproject.toml', `[tool.torchlint] # ours\r\nignore = ["${rule}"]\r\nselect = ["amp"]\r\n`],
  ],
  [
    'only a table inside it',
    { 'pyproject.toml': '[tool.torchlint.severity]\namp = "info"\n' },
    ['/a/pyproject.toml', `[tool.torchlint.severity]\namp = "info"\n\n[tool.torchlint]\nignore = ["${rule}"]\n`],
  ],
  [
    'a torchlint.toml that ends in a table',
    { 'torchlint.toml': '[severity]\namp = "info"\n' },
    ['/a/torchlint.toml', `ignore = ["${rule}"]\n[severity]\namp = "info"\n`],
  ],
  ['an empty list', { 'torchlint.toml': 'ignore = []\n' }, ['/a/torchlint.toml', `ignore = ["${rule}"]\n`]],
  [
    'a list on one line',
    { 'torchlint.toml': 'ignore = ["loop"] # why\n' },
    ['/a/torchlint.toml', `ignore = ["loop", "${rule}"] # why\n`],
  ],
  [
    'a list of lines',
    { 'torchlint.toml': 'ignore = [\n  # why\n  "loop", # how\n]\n' },
    ['/a/torchlint.toml', `ignore = [\n  # why\n  "loop",\n  "${rule}", # how\n]\n`],
  ],
  ['a table that is written in a line', { 'pyproject.toml': '[tool]\ntorchlint = { select = ["amp"] }\n' }, undefined],
]

for (const [title, files, expected] of cases) test(title, () => assert.deepEqual(ignored(files), expected))
