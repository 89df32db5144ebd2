/**
 * Runs a script of this project on a fresh machine: `node scripts/bootstrap.mjs scripts/test.ts …`.
 *
 * The scripts are TypeScript for the Node pinned in package.json; this file is the only one that any Node from version
 * 20 can run. It brings node_modules in step with package-lock.json, and hands over to the pinned Node.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')

if (!inStep()) install('the dependencies from package-lock.json', npm('ci'), root)
const node = pinnedNode() ?? installNode()

const child = spawn(node, process.argv.slice(2), { stdio: 'inherit' })
// Ctrl+C reaches the whole process group: the script decides what it means, and this process waits for its answer.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))

/** npm records what it installed beside it; comparing that with the lockfile also respects a plain `npm install`. */
function inStep() {
  const installed = packages(join(modules, '.package-lock.json'))
  return Object.entries(packages(join(root, 'package-lock.json')) ?? {}).every(([path, wanted]) => {
    const found = installed?.[path]
    return !path.startsWith('node_modules/') || (found ? found.integrity === wanted.integrity : wanted.optional)
  })
}

function packages(lockfile) {
  return existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, 'utf8')).packages : undefined
}

function pinnedNode() {
  const node = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(node) ? node : undefined
}

/**
 * The project's .npmrc turns install scripts off, since only one is needed: the package `node` fetches its executable
 * in one. A running Node of the same major version saves the download.
 */
function installNode() {
  const directory = join(modules, 'node')
  const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  if (major(version) === major(process.versions.node)) return process.execPath
  install(`Node ${version}`, [process.execPath, [join(directory, 'installArchSpecificPackage.js')]], directory)
  return pinnedNode()
}

function major(version) {
  return Number(version.split('.')[0])
}

function install(what, [command, args], directory) {
  console.error(`Installing ${what} …`)
  // Errors only: npm warns that the running Node is too old for tools that the pinned Node runs. Never global, although
  // `npm install --global` of this repository ran us: it says so to all that it starts.
  const env = { ...process.env, npm_config_loglevel: 'error', npm_config_global: 'false' }
  const { status } = spawnSync(command, args, { cwd: directory, stdio: ['ignore', 2, 2], env })
  if (status === 0) return
  console.error(`Could not install ${what}: see npm's message above.`)
  process.exit(1)
}

/** npm's own script, when npm started us, works without a shell on every platform. */
function npm(...args) {
  const script = process.env.npm_execpath
  return script ? [process.execPath, [script, ...args]] : ['npm', args]
}
