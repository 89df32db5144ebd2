/** A second real client, over standard input and output: Neovim, where it is installed (Debian: `apt install neovim`). */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { clippedWhileScaled } from '../support/scripts.ts'

const isInstalled = spawnSync('nvim', ['--version']).status === 0

test('Neovim shows the mistake, explains it and repairs it', {
  skip: isInstalled ? false : 'nvim is not installed',
}, t => {
  const directory = mkdtempSync(join(tmpdir(), 'torchlint-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const result = join(directory, 'result.json')
  writeFileSync(join(directory, 'train.py'), clippedWhileScaled)
  execFileSync(
    'nvim',
    [
      '--headless',
      '-u',
      'NONE',
      'train.py',
      '-c',
      'set filetype=python',
      '-c',
      `luafile ${join(import.meta.dirname, 'client.lua')}`,
    ],
    {
      cwd: directory,
      stdio: 'ignore',
      timeout: 2 * 60_000,
      env: {
        ...process.env,
        XDG_STATE_HOME: directory,
        XDG_DATA_HOME: directory,
        TORCHLINT_NODE: process.execPath,
        TORCHLINT: join(import.meta.dirname, '../../server/bin/torchlint.js'),
        TORCHLINT_RESULT: result,
      },
    },
  )
  const { diagnostics, hover, title, text, left } = JSON.parse(readFileSync(result, 'utf8'))
  assert.deepEqual(
    diagnostics.map(({ line, code }: { readonly line: number; readonly code: string }) => [line, code]),
    [[11, 'amp/clip-before-unscale']],
  )
  assert.match(hover.contents.value, /Gradients clipped while still scaled/)
  assert.match(title, /unscale_/)
  const clip = '    torch.nn.utils.clip_grad_norm_'
  assert.equal(`${text.join('\n')}\n`, clippedWhileScaled.replace(clip, `    scaler.unscale_(optimizer)\n${clip}`))
  assert.equal(left, 0)
})
