/** Which files Git is told to ignore: every .gitignore from the repository's root down to the file, the innermost first. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import ignore, { type Ignore } from 'ignore'

export interface IgnoreFile {
  readonly folder: string
  readonly patterns: Ignore
}

export function isIgnored(files: readonly IgnoreFile[], path: string, isFolder: boolean): boolean {
  for (const { folder, patterns } of files) {
    const name = relative(folder, path).replaceAll(sep, '/') + (isFolder ? '/' : '')
    const { ignored, unignored } = patterns.test(name)
    if (ignored || unignored) return ignored
  }
  return false
}

/** The files that count for a folder which the user named: if it is ignored itself, those above it do not. */
export function ignoreFilesAbove(folder: string): readonly IgnoreFile[] {
  const root = repositoryRoot(folder)
  if (root === undefined || root === folder) return []
  const files: IgnoreFile[] = []
  for (let above = dirname(folder); ; above = dirname(above)) {
    files.push(...ignoreFileIn(above))
    if (above === root) break
  }
  return isIgnored(files, folder, true) ? [] : files
}

export function ignoreFileIn(folder: string): readonly IgnoreFile[] {
  try {
    const patterns = readFileSync(join(folder, '.gitignore'), 'utf8')
    return [{ folder, patterns: ignore({ ignorecase: false }).add(patterns) }]
  } catch {
    return []
  }
}

function repositoryRoot(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder
  const parent = dirname(folder)
  return parent === folder ? undefined : repositoryRoot(parent)
}
