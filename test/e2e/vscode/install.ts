/**
 * A real VS Code without a download from outside the npm registry, for Linux x64.
 *
 * code-server's tarball carries VS Code's server: the workbench as a web page, and the extension host that runs
 * extensions in Node, the same code as in the desktop's. A second package carries a Chromium that opens the page, with
 * the libraries it needs of the system. package-lock.json beside this file pins every byte of both.
 */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

export interface Installation {
  /** Takes the command line of the desktop's executable; `bin/code` beside it takes that of its command. */
  readonly executable: string
  /** The folder of VS Code's server. */
  readonly vscode: string
  readonly chromium: string
  readonly chromiumEnvironment: Readonly<Record<string, string>>
}

const root = join(import.meta.dirname, '../../..')
const directory = join(root, '.vscode-test/embedded')

/** The version that code-server's tarball carries. */
export const vscodeVersion = '1.139.1'

export const supported = process.platform === 'linux' && process.arch === 'x64'

/** Installs what is not there yet, with progress on standard error, and says where everything is. */
export function installVSCode(): Installation {
  const installation: Installation = {
    executable: join(directory, 'code'),
    vscode: join(directory, 'node_modules/code-server/lib/vscode'),
    chromium: join(directory, 'chromium/chromium'),
    chromiumEnvironment: {
      LD_LIBRARY_PATH: [join(directory, 'chromium/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      FONTCONFIG_FILE: join(directory, 'chromium/fonts.conf'),
    },
  }
  const lockfile = readFileSync(join(import.meta.dirname, 'package-lock.json'), 'utf8')
  const done = join(directory, 'installed-lockfile')
  if (!existsSync(done) || readFileSync(done, 'utf8') !== lockfile) {
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory, { recursive: true })
    installPackages(installation.vscode)
    unpackChromium(installation.chromium)
    writeFileSync(done, lockfile)
  }
  writeExecutables(installation.executable)
  return installation
}

function installPackages(vscode: string) {
  console.error('Installing a VS Code and a Chromium for the tests, from the npm registry (once; 190 MB) …')
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(join(import.meta.dirname, file), join(directory, file))
  }
  const script = process.env.npm_execpath
  const command = script ? [process.execPath, script] : ['npm']
  const [executable = 'npm', ...args] = [...command, 'ci', '--ignore-scripts', '--no-audit', '--no-fund']
  const env = { ...process.env, npm_config_loglevel: 'error' }
  const { status } = spawnSync(executable, args, { cwd: directory, stdio: ['ignore', 2, 2], env })
  if (status !== 0) throw new Error(`npm could not install VS Code into ${directory}`)
  for (const name of ['spdlog', 'native-watchdog']) {
    const module = join(directory, 'node_modules/@vscode', name)
    mkdirSync(module)
    copyFileSync(join(import.meta.dirname, 'stand-ins', `${name}.cjs`), join(module, 'index.js'))
  }
  // VS Code looks for modules, and serves some of them to the page, from a folder of its own.
  symlinkSync('../../..', join(vscode, 'node_modules'))
}

function unpackChromium(chromium: string) {
  console.error('Unpacking Chromium …')
  const archive = (name: string) =>
    brotliDecompressSync(readFileSync(join(directory, 'node_modules/@sparticuz/chromium/bin', name)))
  const target = join(directory, 'chromium')
  mkdirSync(target)
  writeFileSync(chromium, archive('chromium.br'))
  chmodSync(chromium, 0o755)
  for (const name of ['al2023.tar.br', 'fonts.tar.br']) {
    const { status, stderr } = spawnSync('tar', ['-x', '-C', target], { input: archive(name) })
    if (status !== 0) throw new Error(`tar could not unpack ${name}: ${stderr}`)
  }
  // The fonts of the system where it has some (Chinese pictures want them), else those of the package.
  const fonts = `<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>${join(target, 'fonts')}</dir>`
  writeFileSync(join(target, 'fonts.conf'), `<?xml version="1.0"?><fontconfig>${fonts}</fontconfig>\n`)
}

/** The same two files as a desktop VS Code has, so that the same code starts either. */
function writeExecutables(executable: string) {
  const script = `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, 'code.ts')}' "$@"\n`
  mkdirSync(join(directory, 'bin'), { recursive: true })
  for (const file of [executable, join(directory, 'bin/code')]) writeFileSync(file, script, { mode: 0o755 })
}
