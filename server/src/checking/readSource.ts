import { readFileSync, statSync } from 'node:fs'
import { decode } from './encoding.ts'
import { isProblem } from './problem.ts'

/** The text of a Python file that may be missing, unreadable or no text at all. A pipe is not waited for. */
export function readSource(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (!stats?.isFile() || stats.size > largest) return undefined
    const source = decode(readFileSync(path))
    return isProblem(source) ? undefined : source.text
  } catch {
    return undefined
  }
}

/** In bytes: what is larger is not followed anyway. */
const largest = 2 ** 20
