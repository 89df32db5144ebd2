/** `npm run package`: builds one VSIX for all platforms, since nothing in it is native code. */
import { readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { createVSIX } from '@vscode/vsce'
import { build } from './build.ts'

const root = join(import.meta.dirname, '..')
const limit = 3_000_000

/** From what the build left; the answer is where the VSIX lies. */
export async function packageExtension(): Promise<string> {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const packagePath = join(root, `${name}-${version}.vsix`)
  // The bundles hold the dependencies already. Without a repository, links in the README have no other base.
  const options = { dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false }
  await createVSIX({ cwd: root, packagePath, ...options })
  const { size } = statSync(packagePath)
  if (size > limit) throw new Error(`${relative(root, packagePath)} has ${size} bytes, more than ${limit}`)
  return packagePath
}

if (import.meta.main) {
  await build()
  await packageExtension()
}
