/**
 * Runs an editor without a screen, set up by the recipe of docs/editors.md, on a script with one mistake. A program in
 * the editor's own language plays the user and writes what the editor got: diagnostic, hover, the text after the fix.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'node:test'
import { clippedWhileScaled } from '../support/scripts.ts'

export interface Seen {
  /** Of the diagnostic, from 1. */
  readonly line: number
  readonly diagnostic: string
  readonly hover: string
  /** Once the fix is applied and no diagnostic is left. */
  readonly text: string
}

/** Answers what is missing, to be shown as the reason for skipping; false where the command succeeds. */
export function missing(name: string, command: string, args: readonly string[]): string | false {
  return spawnSync(command, args).status === 0 ? false : `${name} is not installed`
}

/** The block of the guide in which this text stands. */
export function recipe(language: string, text: string): string {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/editors.md'), 'utf8')
  const blocks = Array.from(guide.matchAll(/```(\w+)\n([\s\S]*?)```/g), ([, name, code = '']) => ({ name, code }))
  return blocks.find(({ name, code }) => name === language && code.includes(text))?.code ?? assert.fail(text)
}

/** With `train.py` and the recipe in the working directory, and `torchlint` on the PATH. */
export function play(test: TestContext, setup: string, command: string, args: readonly string[]): Seen {
  const directory = mkdtempSync(join(tmpdir(), 'torchlint-'))
  test.after(() => rmSync(directory, { recursive: true }))
  const result = join(directory, 'result.json')
  const torchlint = join(directory, 'torchlint')
  const server = join(import.meta.dirname, '../../server/bin/torchlint.js')
  writeFileSync(torchlint, `#!/bin/sh\nexec "${process.execPath}" "${server}" "$@"\n`)
  chmodSync(torchlint, 0o755)
  writeFileSync(join(directory, 'train.py'), clippedWhileScaled)
  writeFileSync(join(directory, 'recipe'), setup)
  execFileSync(command, args, {
    cwd: directory,
    stdio: 'pipe',
    timeout: 3 * 60_000,
    env: {
      ...process.env,
      PATH: `${directory}${delimiter}${process.env.PATH}`,
      LANG: 'C.UTF-8',
      HOME: directory,
      XDG_STATE_HOME: directory,
      XDG_DATA_HOME: directory,
      TORCHLINT_RESULT: result,
    },
  })
  return JSON.parse(readFileSync(result, 'utf8'))
}

/** It shows the mistake, explains it and repairs it. */
export function assertRepaired({ line, diagnostic, hover, text }: Seen): void {
  const clip = '    torch.nn.utils.clip_grad_norm_'
  assert.equal(line, 11)
  assert.match(diagnostic, /`torch\.nn\.utils\.clip_grad_norm_` clips scaled gradients/)
  assert.match(hover, /Gradients clipped while still scaled/)
  assert.equal(text, clippedWhileScaled.replace(clip, `    scaler.unscale_(optimizer)\n${clip}`))
}
