/** What docs/ci.md, the action and the hooks for pre-commit tell others to run is what the command line understands. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { parse } from 'yaml'
import manifest from '../../package.json' with { type: 'json' }
import { clean, command, folderWith, misspelled, repaired, torchlint } from './torchlint.ts'

const root = join(import.meta.dirname, '../..')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')
const guide = read('docs/ci.md')

function blocks(language: string): readonly string[] {
  return Array.from(guide.matchAll(/```(\w+)\n([\s\S]*?)```/g))
    .filter(([, name]) => name === language)
    .map(([, , text = '']) => text)
}

/** With the command on the PATH, and an error with a safe fix in `src/train.py`. */
function projectFor(t: TestContext): { readonly folder: string; readonly env: NodeJS.ProcessEnv } {
  const folder = folderWith(t, { 'src/train.py': misspelled })
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  const bin = join(folder, '.bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'torchlint'), `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`)
  chmodSync(join(bin, 'torchlint'), 0o755)
  return { folder, env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` } }
}

test('every option that the guide names is in the help', async () => {
  const { stdout } = await torchlint(root, ['check', '--help'])
  const options = new Set(guide.match(/(?<=torchlint check[^\n]*|`)--[a-z]+(?:-[a-z]+)*/g))
  assert.ok(options.size > 8, [...options].join(' '))
  for (const option of options) assert.ok(stdout.includes(`${option} `), option)
})

test('the lines of its examples run, one after the other', t => {
  const { folder, env } = projectFor(t)
  const lines = [...blocks('yaml'), ...blocks('groovy'), ...blocks('sh')]
    .flatMap(text => text.split('\n'))
    .map(line => /(?:^|- |\/bin\/)(torchlint check [^'#]*)/.exec(line)?.[1]?.trim())
    .filter(line => line !== undefined)
  assert.ok(lines.length > 8, lines.join('\n'))
  const results = lines.map(line => {
    const { status, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, env, encoding: 'utf8' })
    return `${line} → ${status === 0 || status === 1 ? 'understood' : stderr}`
  })
  assert.deepEqual(
    results,
    lines.map(line => `${line} → understood`),
  )
  assert.equal(readFileSync(join(folder, 'src/train.py'), 'utf8'), repaired)
})

test('npm is told to install a copy: it would link to where it built the command, which it deletes', () => {
  const installations = [guide, read('docs/editors.md')].flatMap(text =>
    text.match(/npm install [^`'\n]*github:[^`'\n]*/g),
  )
  assert.ok(installations.length > 3)
  for (const line of installations) assert.match(line ?? '', / --global --install-links /)
})

test('its examples are YAML, and name the version of this repository', () => {
  const examples = blocks('yaml').map(text => parse(text))
  assert.deepEqual(
    examples.map(example => Object.keys(example)),
    [['name', 'on', 'jobs'], ['name', 'on', 'jobs'], ['torchlint'], ['repos'], ['repos']],
  )
  const versions = [guide, read('docs/editors.md')].flatMap(text => text.match(/v\d+\.\d+\.\d+/g))
  assert.ok(versions.length > 5)
  assert.deepEqual([...new Set(versions)], [`v${manifest.version}`])
})

suite('the action', () => {
  const { inputs, runs } = parse(read('action.yml'))
  const { run, env: named } = runs.steps.at(-1)

  /** As the runner does it, with these inputs. */
  function runAction(folder: string, given: Readonly<Record<string, string>>) {
    const values: Readonly<Record<string, string>> = {
      'github.action_path': root,
      ...Object.fromEntries(Object.keys(inputs).map(name => [`inputs.${name}`, given[name] ?? inputs[name].default])),
    }
    const filled = Object.entries<string>(named).map(([name, text]) => [
      name,
      text.replace(/\$\{\{ (\S+) \}\}/g, (_, key: string) => values[key] ?? assert.fail(key)),
    ])
    const env = { ...process.env, ...Object.fromEntries(filled) }
    return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
  }

  test('annotates, fails and leaves SARIF', t => {
    const folder = folderWith(t, { 'src/train.py': misspelled, 'tools/more.py': misspelled })
    const { status, stdout } = runAction(folder, { paths: 'src', sarif: 'torchlint.sarif' })
    assert.equal(status, 1)
    assert.match(stdout, /^::error .*file=src\/train\.py,line=3,.*\n$/)
    assert.equal(JSON.parse(readFileSync(join(folder, 'torchlint.sarif'), 'utf8')).runs[0].results.length, 1)
  })

  test('checks everything by default, and passes options on', t => {
    const folder = folderWith(t, { 'one.py': misspelled, 'backends/two.py': clean, 'backends/three.py': clean })
    assert.equal(runAction(folder, {}).status, 1)
    assert.equal(runAction(folder, { args: '--ignore backends/* --verbose' }).status, 0)
  })

  test('builds by a script that there is', () => {
    const steps: readonly { readonly run?: string }[] = runs.steps
    const scripts = steps.flatMap(step => /^npm run (?:--silent )?(\w+)$/.exec(step.run ?? '')?.[1] ?? [])
    assert.deepEqual(scripts, ['build'])
    assert.ok('build' in manifest.scripts)
  })
})

test('the hooks run a command that there is, and one of them repairs', async t => {
  const hooks: readonly { readonly id: string; readonly entry: string }[] = parse(read('.pre-commit-hooks.yaml'))
  for (const { id, entry } of hooks) {
    const folder = folderWith(t, { 'train.py': misspelled })
    const [name, ...args] = entry.split(' ')
    assert.ok(name !== undefined && name in manifest.bin, entry)
    assert.equal((await torchlint(folder, [...args, 'train.py'])).exitCode, id === 'torchlint' ? 1 : 0)
    assert.equal(readFileSync(join(folder, 'train.py'), 'utf8'), id === 'torchlint' ? misspelled : repaired)
  }
})
