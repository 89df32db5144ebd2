/** Finds the files to check: the named ones always, and in named folders the Python files and notebooks that belong to the project. */
import { type Dirent, existsSync, lstatSync, type Stats, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { type IgnoreFile, ignoreFileIn, ignoreFilesAbove, isIgnored } from './gitignore.ts'
import { type Problem, problem, problemOf } from './problem.ts'

export type Discovered = { readonly path: string } | ({ readonly path: string } & Problem)

/**
 * In the order of the arguments, and by name within a folder. What the user names is found even where it is excluded.
 * Between folders there is time for other work.
 */
export async function* discover(
  paths: readonly string[],
  workingDirectory: string,
  isExcluded: IsExcluded = () => false,
): AsyncGenerator<Discovered> {
  const seen = new Set<string>()
  for (const path of paths)
    for await (const found of discoverAt(resolve(workingDirectory, path), isExcluded)) {
      if (!seen.has(found.path)) yield found
      seen.add(found.path)
    }
}

export async function discoverAll(...question: Parameters<typeof discover>): Promise<readonly Discovered[]> {
  const all: Discovered[] = []
  for await (const found of discover(...question)) all.push(found)
  return all
}

/** Do the settings leave out a file, or a folder, whose path ends in a slash? */
export type IsExcluded = (path: string) => boolean

/** Is there such a file, and would it be found in the folder around it, if that was named? */
export function isDiscovered(file: string, named: string, isExcluded: IsExcluded): boolean {
  let path = named
  let ignoreFiles = ignoreFilesAbove(named)
  const [name = '', ...folders] = relative(named, file).split(sep).reverse()
  for (const folder of folders.reverse()) {
    ignoreFiles = [...ignoreFileIn(path), ...ignoreFiles]
    path = join(path, folder)
    if (skippedFolders.has(folder) || existsSync(join(path, environmentFile))) return false
    if (isIgnored(ignoreFiles, path, true) || isExcluded(`${path}/`)) return false
  }
  ignoreFiles = [...ignoreFileIn(path), ...ignoreFiles]
  return isSource(name) && !isIgnored(ignoreFiles, file, false) && !isExcluded(file) && leadsToFile(file)
}

async function* discoverAt(path: string, isExcluded: IsExcluded): AsyncGenerator<Discovered> {
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

async function* walk(
  folder: string,
  ignoreFilesAround: readonly IgnoreFile[],
  isNamed: boolean,
  isExcluded: IsExcluded,
): AsyncGenerator<Discovered> {
  let entries: Dirent[]
  try {
    entries = (await readdir(folder, { withFileTypes: true })).sort(byName)
  } catch (error) {
    yield { path: folder, ...problemOf(error) }
    return
  }
  if (!isNamed && entries.some(({ name }) => name === environmentFile)) return
  const ignoreFiles = entries.some(({ name }) => name === '.gitignore')
    ? [...ignoreFileIn(folder), ...ignoreFilesAround]
    : ignoreFilesAround
  for (const entry of entries) {
    const path = join(folder, entry.name)
    const isFolder = entry.isDirectory()
    if (isFolder ? skippedFolders.has(entry.name) : !isSource(entry.name)) continue
    if (isIgnored(ignoreFiles, path, isFolder) || isExcluded(isFolder ? `${path}/` : path)) continue
    if (isFolder) yield* walk(path, ignoreFiles, false, isExcluded)
    else if (entry.isFile() || leadsToFile(path)) yield { path }
  }
}

function isSource(name: string): boolean {
  return /\.(?:py|ipynb)$/.test(name)
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

/** By it virtual environments of any name are known. */
const environmentFile = 'pyvenv.cfg'

/** What tools put into a project and nobody wrote by hand. */
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
