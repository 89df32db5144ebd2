/**
 * `npm start`: shows TorchLint at work on examples/, first in the terminal, then in VS Code: in yours if the command
 * `code` is there, else in the embedded one that the tests use. `npm start -- --no-editor` ends after the terminal.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { installVSCode, supported } from '../test/e2e/vscode/install.ts'
import { installExtension, startServer } from '../test/e2e/vscode/server.ts'
import { writeUserData } from '../test/e2e/vscode/userData.ts'
import { build } from './build.ts'
import { vsix } from './package.ts'

const root = join(import.meta.dirname, '..')
const examples = join(root, 'examples')
const { values } = parseArgs({ options: { 'no-editor': { type: 'boolean' } } })

process.chdir(root)
console.error('Building …')
await build()
checkExamples()
if (!values['no-editor']) await openEditor()

function checkExamples() {
  const command = [join(root, 'server/bin/torchlint.js'), 'check', 'examples']
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' })
  // 1 says that there are findings, which is what examples are for.
  if (status !== 0 && status !== 1) process.exit(status ?? 1)
}

async function openEditor() {
  const [first = examples] = globSync('*.py', { cwd: examples }).sort()
  const code = findCode()
  if (code) openIn(code, join(examples, first))
  else if (supported) await serveEmbedded(join(examples, first))
  else console.log('To see them in an editor, put the command `code` of VS Code on the PATH.')
}

function findCode(): string | undefined {
  const name = process.platform === 'win32' ? 'code.cmd' : 'code'
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map(folder => join(folder, name)).find(existsSync)
}

/** A window of its own with this checkout's extension in it; nothing is installed. */
function openIn(code: string, file: string) {
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`, examples, '--goto', `${file}:1`]
  const { status } = spawnSync(code, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status === 0) console.log('The examples are open in VS Code.')
  else process.exit(status ?? 1)
}

/** Stays up until it is interrupted. */
async function serveEmbedded(file: string) {
  console.error('Packaging the extension …')
  execFileSync(process.execPath, ['scripts/package.ts'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const { vscode } = installVSCode()
  const directory = join(root, '.vscode-test/start')
  const options = { vscode, userData: join(directory, 'user'), extensions: join(directory, 'extensions') }
  rmSync(directory, { recursive: true, force: true })
  writeUserData(options.userData)
  installExtension(vsix, options)
  const server = await startServer(options)
  const address = server.address(examples)
  address.searchParams.set('payload', JSON.stringify([['openFile', `vscode-remote://${address.host}${file}`]]))
  console.log(`\nVS Code with the examples: ${address}\nCtrl+C ends it.`)
  process.once('SIGINT', () => void server.stop())
  process.once('SIGTERM', () => void server.stop())
}
