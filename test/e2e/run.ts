/**
 * Runs the suite in a real VS Code, with the packaged extension installed, once per display language: in the embedded
 * VS Code on Linux x64, elsewhere in the one that @vscode/test-electron downloads.
 */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron'
import { build } from 'esbuild'
import type { Report } from './suite/report.ts'
import { installVSCode, supported, vscodeVersion } from './vscode/install.ts'
import { writeUserData } from './vscode/userData.ts'

const displayLanguages = ['en', 'zh-cn']

/** A report of every test in every display language. */
export async function runInVSCode(vsix: string): Promise<readonly Report[]> {
  const vscodeExecutablePath = supported ? installVSCode().executable : await downloadAndUnzipVSCode(vscodeVersion)
  // A short path, for VS Code makes sockets beside its data.
  const directory = mkdtempSync(join(tmpdir(), 'torchlint-'))
  try {
    const extensions = join(directory, 'extensions')
    installExtension(vscodeExecutablePath, [
      '--install-extension',
      vsix,
      ...profile(join(directory, 'install'), extensions),
    ])
    const suite = await bundleSuite(directory)
    const reports: Report[] = []
    for (const language of displayLanguages) {
      reports.push(...(await runSuite({ vscodeExecutablePath, directory, extensions, suite, language })))
    }
    return reports
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

interface Session {
  readonly vscodeExecutablePath: string
  readonly directory: string
  readonly extensions: string
  readonly suite: string
  readonly language: string
}

async function runSuite(session: Session): Promise<readonly Report[]> {
  const own = join(session.directory, session.language)
  const workspace = join(own, 'workspace')
  cpSync(join(import.meta.dirname, 'workspace'), workspace, { recursive: true })
  const userData = join(own, 'user')
  writeUserData(userData, { displayLanguage: session.language })
  const report = join(own, 'report.json')
  const log = join(own, 'output.log')
  const output = createWriteStream(log)
  const options = {
    vscodeExecutablePath: session.vscodeExecutablePath,
    extensionDevelopmentPath: emptyExtension(join(own, 'empty')),
    extensionTestsPath: session.suite,
    extensionTestsEnv: { TORCHLINT_REPORT: report },
    launchArgs: [workspace, `--locale=${session.language}`, ...profile(userData, session.extensions)],
    stdout: output,
    stderr: output,
  }
  // A failed test ends VS Code with a failure too; what counts is whether there is a report.
  await runTests(options).catch(() => {})
  await promisify(output.end.bind(output))()
  if (!existsSync(report)) throw new Error(`VS Code ended without a report:\n${readFileSync(log, 'utf8')}`)
  const reports: readonly Report[] = JSON.parse(readFileSync(report, 'utf8'))
  return reports.map(({ name, error }) => ({ name: `${name} [${session.language}]`, error }))
}

function profile(userData: string, extensions: string): readonly string[] {
  return [`--user-data-dir=${userData}`, `--extensions-dir=${extensions}`]
}

function installExtension(executable: string, args: readonly string[]) {
  const [cli = executable, ...first] = resolveCliArgsFromVSCodeExecutablePath(executable, { reuseMachineInstall: true })
  execFileSync(cli, [...first, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
}

/** VS Code runs tests for an extension under development. Ours is installed as users install it, so this is another. */
function emptyExtension(directory: string): string {
  mkdirSync(directory, { recursive: true })
  const manifest = { name: 'empty', publisher: 'torchlint', version: '1.0.0', engines: { vscode: '*' } }
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest))
  return directory
}

async function bundleSuite(directory: string): Promise<string> {
  const outfile = join(directory, 'suite.cjs')
  const entryPoints = [join(import.meta.dirname, 'suite/suite.ts')]
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'cjs', external: ['vscode'] })
  return outfile
}
