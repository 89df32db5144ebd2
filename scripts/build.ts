/**
 * `npm run build`: generates what follows from the rules, and bundles what runs outside this checkout.
 *
 *   dist/client.cjs        the extension; CommonJS, since VS Code loads it with `require`
 *   dist/server.js         the language server that the extension starts
 *   dist/*.browser.*       both, for a browser
 *   server/dist/cli.js     the command `torchlint`, and beside it the server, for `torchlint server`
 *
 * The two WebAssembly modules lie beside each bundle that parses.
 */
import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { type BuildOptions, build as bundle } from 'esbuild'
import { generate } from './generate.ts'

const root = join(import.meta.dirname, '..')
const { resolve } = createRequire(join(root, 'server/package.json'))
const wasm = [resolve('web-tree-sitter/web-tree-sitter.wasm'), resolve('tree-sitter-python/tree-sitter-python.wasm')]

/** VS Code 1.91, the oldest supported, runs extensions on Node 20. */
const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Its CommonJS form is one that no bundler can follow.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
}

/** Some dependencies are CommonJS and require modules of Node, which an ES module has to provide itself. */
const requireInModule = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`

/** The parser asks where it is, and makes an address of that, only to look for what it is handed here. */
const browser: BuildOptions = { platform: 'browser', target: 'es2022', define: { 'import.meta.url': '"file:///"' } }

const bundles: readonly BuildOptions[] = [
  { entryPoints: ['client/src/node.ts'], outfile: 'dist/client.cjs', format: 'cjs', external: ['vscode'] },
  {
    entryPoints: ['server/src/hosts/node.ts'],
    outfile: 'dist/server.js',
    format: 'esm',
    banner: { js: requireInModule },
  },
  {
    ...browser,
    entryPoints: ['client/src/browser.ts'],
    outfile: 'dist/client.browser.cjs',
    format: 'cjs',
    external: ['vscode'],
  },
  { ...browser, entryPoints: ['server/src/hosts/browser.ts'], outfile: 'dist/server.browser.js', format: 'iife' },
  {
    entryPoints: ['server/src/hosts/cli.ts'],
    outfile: 'server/dist/cli.js',
    format: 'esm',
    banner: { js: requireInModule },
  },
]

export async function build(): Promise<void> {
  await generate()
  await Promise.all(bundles.map(options => bundle({ ...common, ...options })))
  for (const directory of ['dist', 'server/dist']) {
    mkdirSync(join(root, directory), { recursive: true })
    for (const file of wasm) copyFileSync(file, join(root, directory, basename(file)))
  }
  // `torchlint server` is the server that VS Code starts.
  copyFileSync(join(root, 'dist/server.js'), join(root, 'server/dist/server.js'))
}

if (import.meta.main) {
  const start = performance.now()
  await build()
  console.log(`Built in ${((performance.now() - start) / 1000).toFixed(1)} s`)
}
