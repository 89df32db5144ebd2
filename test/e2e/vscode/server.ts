/** VS Code's server on a port of this machine alone: a page that a browser opens, the extension host behind it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface ServerOptions {
  /** The folder that VS Code's server was installed to. */
  readonly vscode: string
  readonly userData: string
  readonly extensions: string
}

export interface Server {
  /** Where the workbench is, with `folder` open in it. Holds the token without which the server answers nobody. */
  address(folder?: string): URL
  stop(): Promise<void>
}

export async function startServer(options: ServerOptions): Promise<Server> {
  mkdirSync(options.userData, { recursive: true })
  const token = randomUUID()
  const server = spawn(
    process.execPath,
    [
      ...commandLine(options),
      ...['--host', '127.0.0.1', '--port', '0', '--connection-token', token, '--telemetry-level', 'off'],
      ...['--disable-workspace-trust', '--enable-smoke-test-driver'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environment() },
  )
  const log = join(options.userData, 'server.log')
  const output = createWriteStream(log)
  server.stderr.pipe(output, { end: false })
  server.stdout.pipe(output, { end: false })
  const port = await portOf(server, log)
  return {
    address(folder) {
      const url = new URL(`http://127.0.0.1:${port}/?tkn=${token}`)
      if (folder) url.searchParams.set('folder', resolve(folder))
      else url.searchParams.set('ew', 'true')
      return url
    },
    async stop() {
      server.kill()
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
      output.end()
    },
  }
}

export function installExtension(vsix: string, options: ServerOptions) {
  const args = [...commandLine(options), '--install-extension', resolve(vsix)]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env: environment(), encoding: 'utf8' })
  if (status !== 0) throw new Error(`VS Code did not install ${vsix}:\n${stdout}${stderr}`)
}

function commandLine({ vscode, userData, extensions }: ServerOptions): readonly string[] {
  const main = join(vscode, 'out/server-main.js')
  const directories = ['--server-data-dir', userData, '--user-data-dir', userData, '--extensions-dir', extensions]
  return [main, ...directories, '--accept-server-license-terms']
}

/** Without a gallery, VS Code looks nothing up on the network; variables of an outer VS Code would mislead this one. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_'))
  return { ...Object.fromEntries(own), EXTENSIONS_GALLERY: '{}' }
}

/** The server prints its port once it listens. */
async function portOf(server: ChildProcess, log: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let printed = ''
  server.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk
    const port = /Extension host agent listening on (\d+)/.exec(printed)?.[1]
    if (port) resolve(port)
  })
  server.once('exit', code => reject(new Error(`VS Code's server ended with ${code} before it listened; see ${log}`)))
  return promise
}
