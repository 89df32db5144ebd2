/**
 * Stands in for VS Code's executable: it takes the flags that the tests and @vscode/test-electron pass to a desktop
 * VS Code, and runs the suite in the embedded one. Its exit code is the suite's.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { launchBrowser } from './browser.ts'
import { installVSCode } from './install.ts'
import { installExtension, startServer } from './server.ts'

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string', multiple: true, default: [] },
    extensionTestsPath: { type: 'string' },
    'install-extension': { type: 'string', multiple: true, default: [] },
    'extensions-dir': { type: 'string' },
    'user-data-dir': { type: 'string' },
  },
})
const text = (value: unknown) => (typeof value === 'string' ? value : '')
const texts = (value: unknown) => (Array.isArray(value) ? value.map(text) : [])

const installation = installVSCode()
const options = {
  vscode: installation.vscode,
  userData: resolve(text(values['user-data-dir'])),
  extensions: resolve(text(values['extensions-dir'])),
}
const vsixes = texts(values['install-extension'])
for (const vsix of vsixes) installExtension(vsix, options)
if (vsixes.length === 0) process.exit(await runSuite())

async function runSuite(): Promise<number> {
  const server = await startServer(options)
  const browser = await launchBrowser(installation)
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    // The page calls these two functions when it runs under VS Code's own test driver; its console is not ours.
    const end = Promise.withResolvers<number>()
    await page.exposeFunction('codeAutomationExit', end.resolve)
    await page.exposeFunction('codeAutomationLog', () => {})
    page.once('crash', () => end.reject(new Error('The page of VS Code crashed.')))
    setTimeout(() => end.reject(new Error('The suite did not end within five minutes.')), 5 * 60_000).unref()
    await page.goto(workbench(server.address(positionals[0])).href)
    return await end.promise
  } finally {
    await browser.close()
    await server.stop()
  }
}

function workbench(address: URL): URL {
  const remote = (path: string) => `vscode-remote://${address.host}${resolve(path)}`
  const payload = [
    ...texts(values.extensionDevelopmentPath).map(path => ['extensionDevelopmentPath', remote(path)]),
    ['extensionTestsPath', remote(text(values.extensionTestsPath))],
    ['skipWelcome', 'true'],
  ]
  address.searchParams.set('payload', JSON.stringify(payload))
  return address
}
