/**
 * Runs the extension as vscode.dev does: in a VS Code that is a page and nothing else, with a worker as its extension host
 * and another one as the language server. The embedded VS Code's server only delivers the page, which
 * loses the connection back to it on the way.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { BrowserContext, Page } from 'playwright-core'
import type { Report } from '../suite/report.ts'
import { launchBrowser } from '../vscode/browser.ts'
import { installVSCode } from '../vscode/install.ts'
import { startServer } from '../vscode/server.ts'
import { writeUserData } from '../vscode/userData.ts'

const root = join(import.meta.dirname, '../../..')

export async function runInWebHost(): Promise<readonly Report[]> {
  const installation = installVSCode()
  const directory = mkdtempSync(join(tmpdir(), 'torchlint-'))
  const userData = join(directory, 'user')
  writeUserData(userData)
  const server = await startServer({
    vscode: installation.vscode,
    userData,
    extensions: join(directory, 'extensions'),
  })
  const browser = await launchBrowser(installation)
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    const address = server.address()
    await serveExtension(context, address.origin)
    await disconnect(context, installation.vscode, address)
    const page = await context.newPage()
    const reports = reportsOf(page)
    // The suite itself brings the file system of this workspace.
    address.searchParams.delete('ew')
    address.searchParams.set('folder', 'memory:/project')
    address.searchParams.set(
      'payload',
      JSON.stringify([
        ['extensionDevelopmentPath', `${address.origin}/torchlint`],
        ['extensionTestsPath', `${address.origin}/torchlint/suite.cjs`],
        ['skipWelcome', 'true'],
      ]),
    )
    await page.goto(address.href)
    return await reports
  } finally {
    await browser.close()
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The files of the extension as they lie in this checkout, and the suite, which runs where the extension at its place does. */
async function serveExtension(context: BrowserContext, origin: string) {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'suite.ts')],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'cjs',
    external: ['vscode'],
  })
  await context.route(`${origin}/torchlint/suite.cjs`, route =>
    route.fulfill({ contentType: 'text/javascript', body: outputFiles[0]?.text ?? '' }),
  )
  await context.route(/\/torchlint\/(?!suite\.cjs$)/, route => {
    const path = new URL(route.request().url()).pathname.replace('/torchlint/', '')
    try {
      const contentType = path.endsWith('.wasm')
        ? 'application/wasm'
        : path.endsWith('json')
          ? 'application/json'
          : 'text/javascript'
      return route.fulfill({ contentType, body: readFileSync(join(root, path)) })
    } catch {
      return route.fulfill({ status: 404 })
    }
  })
}

/** What code-server's page has to be told to be one that has nobody to ask but itself, as it was before they changed it. */
const standalone: readonly (readonly [string, string])[] = [
  ['remoteAuthority:location.host', 'remoteAuthority:void 0,developmentOptions:TORCHLINT_DEVELOPMENT'],
  [
    'ze(P.file(this.userDataPath).with({scheme:J.vscodeRemote}),"User")',
    'P.file("/User").with({scheme:J.vscodeUserData})',
  ],
]

async function disconnect(context: BrowserContext, vscode: string, { host }: URL) {
  const workbench = 'out/vs/code/browser/workbench/workbench.js'
  const written = readFileSync(join(vscode, workbench), 'utf8')
  const body = standalone.reduce((script, [connected, alone]) => {
    if (!script.includes(connected)) throw new Error(`The page of VS Code has no ${connected} any more.`)
    return script.replace(connected, alone)
  }, written)
  const extensions = [{ scheme: 'http', authority: host, path: '/torchlint' }]
  const development = JSON.stringify({ extensions, enableSmokeTestDriver: true })
  await context.route(`**/${workbench}`, route =>
    route.fulfill({ contentType: 'text/javascript', body: body.replace('TORCHLINT_DEVELOPMENT', development) }),
  )
}

/** The suite prints its reports in one line. */
async function reportsOf(page: Page): Promise<readonly Report[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly Report[]>()
  const printed: string[] = []
  page.on('console', message => {
    const [, reports] = /TORCHLINT (\[.*\])/.exec(message.text()) ?? []
    if (reports !== undefined) resolve(JSON.parse(reports))
    else if (message.type() === 'error' || message.type() === 'warning') printed.push(message.text())
  })
  await page.exposeFunction('codeAutomationLog', () => {})
  await page.exposeFunction('codeAutomationExit', () => {
    reject(new Error(`The suite ended without a report:\n${printed.join('\n')}`))
  })
  const timer = setTimeout(() => reject(new Error(`The suite did not end in time:\n${printed.join('\n')}`)), 2 * 60_000)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}
