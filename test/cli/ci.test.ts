/** What docs/ci.md and the hook for pre-commit tell others to run is what the command line understands. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { torchlint } from './torchlint.ts'

const root = join(import.meta.dirname, '../..')
const guide = readFileSync(join(root, 'docs/ci.md'), 'utf8')

test('every option that the guide names is in the help', async () => {
  const { stdout } = await torchlint(root, ['check', '--help'])
  const options = new Set(guide.match(/(?<=torchlint(?:\.js)? check[^\n]*|`)--[a-z]+(?:-[a-z]+)*/g))
  assert.ok(options.size > 8, [...options].join(' '))
  for (const option of options) assert.ok(stdout.includes(`${option} `), option)
})

test('its examples are YAML', () => {
  const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => parse(text))
  assert.deepEqual(
    examples.map(example => Object.keys(example)),
    [['name', 'on', 'jobs'], ['torchlint'], ['repos']],
  )
})

test('the hook runs a command that there is', async () => {
  const [hook, ...others] = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8'))
  assert.deepEqual(others, [])
  const [command, ...args] = hook.entry.split(' ')
  assert.equal(command, 'torchlint')
  const { exitCode } = await torchlint(root, [...args, 'examples/language_model.py'])
  assert.ok(exitCode === 0 || exitCode === 1, `exit code ${exitCode}`)
})
