/** Finds the files to check: the named ones always, and in named folders the Python files and notebooks that belong to the project. */
import { type Dirent, lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type IgnoreFile, ignoreFileIn, ignoreFilesAbove, isIgnored } from './gitignore.ts'
import { type Problem, problem, problemOf } from './problem.ts'

export type Discovered = { readonly path: string } | ({ readonly path: string } & Problem)

/** In the order of the arguments, and by name within a folder. What the user names is found even where it is excluded. */
export function* discover(
  paths: readonly string[],
  workingDirectory: string,
  isExcluded: IsExcluded = () => false,
): Generator<Discovered> {
  const seen = new Set<string>()
  for (const path of paths)
    for (const found of discoverAt(resolve(workingDirectory, path), isExcluded)) {
      if (!seen.has(found.path)) yield found
      seen.add(found.path)
    }
}

/** Do the settings leave out a file, or a folder, whose path ends in a slash? */
type IsExcluded = (path: string) => boolean

function* discoverAt(path: string, isExcluded: IsExcluded): Generator<Discovered> {
  let stats: Stats
  try {
    stats = statSync(path)
  } catch (error) {
    yield { path, ...(isLink(path) ? brokenLink : problemOf(error)) }
    return
  }
  if (stats.isDirectory()) yield* walk(path, ignoreFilesAbove(path), true, isExcluded)
  else if (stats.isFile()) yield { path }
  else yield { path, ...problem('this is neither a file nor a folder', '这既不是文件也不是文件夹') }
}

const brokenLink = problem('the link leads nowhere', '链接没有指向任何文件')

function* walk(
  folder: string,
  ignoreFilesAround: readonly IgnoreFile[],
  isNamed: boolean,
  isExcluded: IsExcluded,
): Generator<Discovered> {
  let entries: Dirent[]
  try {
    entries = readdirSync(folder, { withFileTypes: true }).sort(byName)
  } catch (error) {
    yield { path: folder, ...problemOf(error) }
    return
  }
  if (!isNamed && entries.some(({ name }) => name === 'pyvenv.cfg')) return
  const ignoreFiles = entries.some(({ name }) => name === '.gitignore')
    ? [...ignoreFileIn(folder), ...ignoreFilesAround]
    : ignoreFilesAround
  for (const entry of entries) {
    const path = join(folder, entry.name)
    const isFolder = entry.isDirectory()
    if (isFolder ? skippedFolders.has(entry.name) : !/\.(?:py|ipynb)$/.test(entry.name)) continue
    if (isIgnored(ignoreFiles, path, isFolder) || isExcluded(isFolder ? `${path}/` : path)) continue
    if (isFolder) yield* walk(path, ignoreFiles, false, isExcluded)
    else if (entry.isFile() || leadsToFile(path)) yield { path }
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1
}

/** Links to folders are not followed: they could lead in circles, or out of the project. */
function leadsToFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

/** What tools put into a project and nobody wrote by hand. Virtual environments of any name are known by their pyvenv.cfg. */
const skippedFolders: ReadonlySet<string> = new Set([
  '.direnv',
  '.eggs',
  '.git',
  '.hg',
  '.ipynb_checkpoints',
  '.mypy_cache',
  '.nox',
  '.pytest_cache',
  '.ruff_cache',
  '.svn',
  '.tox',
  '.venv',
  '__pycache__',
  '__pypackages__',
  'node_modules',
  'site-packages',
  'venv',
])
