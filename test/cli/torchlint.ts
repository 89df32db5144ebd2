/** Runs the command line that users get: the bundle, in a process of its own. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findings } from '../support/analyzer.ts'

export const command = fileURLToPath(new URL('../../server/bin/torchlint.js', import.meta.url))

export interface Result {
  readonly exitCode: number | string | null | undefined
  readonly stdout: string
  readonly stderr: string
}

export function torchlint(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Result> {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env
  const options = { cwd: folder, env: { ...inherited, ...environment }, maxBuffer: 2 ** 26 }
  return new Promise(resolve => {
    const { stdin } = execFile(process.execPath, [command, ...args], options, (error, stdout, stderr) =>
      resolve({ exitCode: error ? error.code : 0, stdout, stderr }),
    )
    stdin?.end(input)
  })
}

/** A folder with these files, which goes with the test. */
export function folderWith(test: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'torchlint-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  return folder
}

/** One error, with a safe fix. */
export const misspelled = 'import torch\n\ntorch.backends.cudnn.benchmarks = True\n'
export const repaired = misspelled.replace('benchmarks', 'benchmark')
/** What is said about it, and what its fix is called. How that is worded is the rule's affair. */
export const { message, title } = wording()

function wording() {
  const [finding] = findings(misspelled)
  assert.ok(finding?.fix)
  return { message: finding.message, title: finding.fix.title }
}
/** One warning, with a safe fix. */
export const deprecated = 'import torch\n\nscaler = torch.cuda.amp.GradScaler()\n'
/** Nothing to find. */
export const clean = 'import torch\n'
