/**
 * `npm test`: every check there is. Format and types; the tests; in a real VS Code, the packaged extension; in a
 * browser, the extension without Node, and the documentation site. The last line counts them.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import { runInVSCode } from '../test/e2e/run.ts'
import type { Report } from '../test/e2e/suite/report.ts'
import { supported } from '../test/e2e/vscode/install.ts'
import { runInWebHost } from '../test/e2e/web/run.ts'
import { checkSite } from '../test/site/site.ts'
import { build } from './build.ts'
import { packageExtension, vsix } from './package.ts'

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const root = join(import.meta.dirname, '..')
const passed: Counts = { passed: 1, failed: 0, skipped: 0 }
const failed: Counts = { passed: 0, failed: 1, skipped: 0 }
const skipped: Counts = { passed: 0, failed: 0, skipped: 1 }

process.chdir(root)
const built = await step('Build and package', buildPackage)
const total = built.failed
  ? built
  : [
      built,
      await step('Format and lint', () =>
        command('biome', 'ci', '--error-on-warnings', `--colors=${process.stdout.isTTY ? 'force' : 'off'}`),
      ),
      await step('Types', () => command('tsc', '--project', root)),
      await step('Tests', runTests),
      await step('VS Code', () => reported(runInVSCode(vsix))),
      await step('VS Code in a browser', runWeb),
      await step('Documentation site', runSite),
    ].reduce(sum)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1

/** One that cannot be carried out counts as a failure. */
async function step(name: string, action: () => Counts | Promise<Counts>): Promise<Counts> {
  console.log(`── ${name}`)
  const start = performance.now()
  let counts = failed
  try {
    counts = await action()
  } catch (error) {
    console.error(error)
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`   ${counts.failed ? `${counts.failed} failed` : `${counts.passed} passed`} in ${seconds} s\n`)
  return counts
}

async function buildPackage(): Promise<Counts> {
  await build()
  await packageExtension()
  return passed
}

function command(name: string, ...args: readonly string[]): Counts {
  const shell = process.platform === 'win32'
  const { status } = spawnSync(join(root, 'node_modules/.bin', name), args, { stdio: 'inherit', shell })
  return status === 0 ? passed : failed
}

async function runTests(): Promise<Counts> {
  const files = globSync('test/**/*.test.ts').map(file => join(root, file))
  const tests = run({ files, concurrency: true, timeout: 5 * 60_000 })
  let counts = failed
  tests.on('test:summary', ({ file, counts: { tests, passed, skipped, todo } }) => {
    if (!file) counts = { passed, failed: tests - passed - skipped - todo, skipped: skipped + todo }
  })
  tests.on('test:fail', ({ name, file, line, details: { error } }) => {
    // A suite fails because of its tests, which have said why.
    if ('failureType' in error && error.failureType === 'subtestsFailed') return
    const place = file ? ` (${relative(root, file)}:${line})` : ''
    console.error(`✖ ${name}${place}\n`, error.cause ?? error)
  })
  await finished(tests.resume())
  return counts
}

function runWeb(): Counts | Promise<Counts> {
  return supported ? reported(runInWebHost()) : skipped
}

/** The site is looked at where there is a browser for it. */
function runSite(): Counts | Promise<Counts> {
  return supported ? reported(checkSite()) : skipped
}

async function reported(run: Promise<readonly Report[]>): Promise<Counts> {
  const reports = await run
  for (const { name, error } of reports) {
    if (error !== null) console.error(`✖ ${name}\n`, error)
  }
  return reports.map(({ error }) => (error === null ? passed : failed)).reduce(sum)
}

function sum(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  }
}
