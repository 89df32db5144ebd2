/** What the project says of deprecated names is so in the PyTorch that is installed. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hasTorch, python } from '../../scripts/truth/check.ts'
import { deprecatedAttributes, deprecatedCallables } from '../../server/src/torch/facts/deprecations.ts'

const skip = hasTorch() ? false : `${python} has no PyTorch`
const facts = [...deprecatedCallables, ...deprecatedAttributes]

interface Answer {
  readonly exists: boolean
  /** It is gone, or raises whatever it is given. */
  readonly removed: boolean
}

test('every successor exists, and what is said to be removed is', { skip }, () => {
  const names = facts.flatMap(({ name, successor }) => [name, successor.name])
  const script = fileURLToPath(new URL('../../scripts/truth/deprecations.py', import.meta.url))
  const said = execFileSync(python, [script], { input: JSON.stringify(names), encoding: 'utf8' })
  const answers: Readonly<Record<string, Answer>> = JSON.parse(said)
  assert.deepEqual(
    facts.filter(({ successor }) => !answers[successor.name]?.exists).map(({ successor }) => successor.name),
    [],
  )
  assert.deepEqual(
    facts.filter(({ name }) => answers[name]?.removed).map(({ name }) => name),
    facts.filter(({ removed }) => removed !== undefined).map(({ name }) => name),
  )
})
