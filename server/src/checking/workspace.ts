/** The files around those that are checked: imports are looked for in the project that a file belongs to. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import type { Workspace } from '../analysis.ts'
import type { CheckRequest } from './checker.ts'
import { readSource } from './readSource.ts'

export function workspaceAround({
  paths,
  workingDirectory,
  areProjects,
}: Pick<CheckRequest, 'paths' | 'workingDirectory' | 'areProjects'>): Workspace {
  const named = new Set(paths.map(path => withSlashes(resolve(workingDirectory, path))))
  const roots = new Map<string, string | undefined>()
  const rootAbove = (folder: string): string | undefined => {
    if (roots.has(folder)) return roots.get(folder)
    const parent = dirname(folder)
    const isRoot = projectFiles.some(name => existsSync(join(folder, name)))
    const root = isRoot ? folder : parent === folder ? undefined : rootAbove(parent)
    roots.set(folder, root)
    return root
  }
  /** Without a project, the folder that was named. */
  const namedAbove = (folder: string): string | undefined => {
    if (named.has(folder)) return folder
    const parent = dirname(folder)
    return parent === folder ? undefined : namedAbove(parent)
  }
  return {
    read: readSource,
    rootOf: path => (areProjects ? undefined : rootAbove(dirname(path))) ?? namedAbove(dirname(path)),
  }
}

/** As the analysis writes paths. */
export const withSlashes = (path: string): string => path.replaceAll(sep, '/')

const projectFiles = ['pyproject.toml', 'setup.py', 'setup.cfg', '.git']
