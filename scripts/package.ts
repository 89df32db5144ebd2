/** `npm run package`: builds one VSIX for all platforms, since nothing in it is native code. */
import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createVSIX } from '@vscode/vsce'
import manifest from '../package.json' with { type: 'json' }
import { build } from './build.ts'

const root = join(import.meta.dirname, '..')
const limit = 3_000_000

/** Where the VSIX lies once it is made. */
export const vsix = join(root, `${manifest.name}-${manifest.version}.vsix`)

/** From what the build left. */
export async function packageExtension(): Promise<void> {
  // The bundles hold the dependencies already.
  await createVSIX({ cwd: root, packagePath: vsix, dependencies: false })
  const { size } = statSync(vsix)
  if (size > limit) throw new Error(`${basename(vsix)} has ${size} bytes, more than ${limit}`)
}

if (import.meta.main) {
  await build()
  await packageExtension()
}
