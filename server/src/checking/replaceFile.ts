/** Replaces a file's content at once: whoever reads it meanwhile, or loses power, has the old content or the new one. */
import { chmodSync, chownSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export function replaceFile(path: string, content: Uint8Array): void {
  const target = realpathSync(path)
  const { mode, uid, gid } = statSync(target)
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  try {
    writeFileSync(temporary, content, { flag: 'wx', flush: true })
    chmodSync(temporary, mode)
    if (process.getuid?.() === 0) chownSync(temporary, uid, gid)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
