/**
 * The files that imports lead to. Text in, trees out: a host hands in how a file is read. A file is read and parsed once,
 * for all documents that import it, until the host says that it has changed.
 */
import type { Imports } from './semantic/imports.ts'
import type { Module } from './syntax/ast.ts'
import type { Parser } from './syntax/parser.ts'
import { relocate } from './syntax/relocate.ts'

/** What a host knows of the files around a document. Paths are absolute, or URIs, with slashes on every platform. */
export interface Workspace {
  /** The text of a file; undefined if there is none, or none that can be read. */
  read(path: string): string | undefined
  /** The folder of the project that a document belongs to: imports are not looked for beyond it. */
  rootOf(path: string): string | undefined
}

/** The files that one version of a document imports, and what they import. */
export interface FollowedFiles extends Imports {
  /** Everything that was looked for, also what does not exist. */
  readonly asked: ReadonlySet<string>
  pathOf(module: Module): string | undefined
}

export interface WorkspaceFiles {
  importedBy(path: string, document: Module): FollowedFiles
  /**
   * Lends the tree of a file that others import as well, at positions of its own text, until `use` returns; undefined
   * where the file does not have this text, or none that is kept.
   */
  lend<T>(path: string, text: string, use: (module: Module) => T): T | undefined
  /** Forgets what is known of a file: it has come, gone or changed. */
  forget(path: string): void
}

/** In characters. A larger file is data, or generated. */
const maximumSize = 2 ** 18
/** Positions below this are those of the document itself. */
const firstStart = 2 ** 21
/** What one document may make the analysis read. */
const maximumFiles = 100
const maximumTotal = 2 ** 21
/** Characters of files that are kept parsed. */
const maximumKept = 2 ** 20

export function createWorkspaceFiles(parser: Parser, workspace: Workspace): WorkspaceFiles {
  /** In the order in which they were last used. */
  const modules = new Map<string, Module | undefined>()
  const starts = new Map<string, number>()
  let kept = 0

  const parse = (path: string): Module | undefined => {
    const text = workspace.read(path)
    if (text === undefined || text.length >= maximumSize) return undefined
    const source = parser.open(text)
    source.dispose()
    // Python could not import it, and an analysis of what is being typed would change with every letter.
    if (source.module.body.some(({ broken }) => broken)) return undefined
    return source.module
  }
  /** A file that nothing has imported so far still stands at the positions of its own text. */
  const place = (path: string, module: Module): Module => {
    if (module.start > 0) return module
    const start = starts.get(path) ?? firstStart + starts.size * maximumSize
    starts.set(path, start)
    const placed = relocate(module, start)
    modules.set(path, placed)
    return placed
  }

  const forget = (path: string): void => {
    kept -= modules.get(path)?.text.length ?? 0
    modules.delete(path)
  }

  const open = (path: string): Module | undefined => {
    const known = modules.has(path)
    const module = known ? modules.get(path) : parse(path)
    if (known) forget(path)
    kept += module?.text.length ?? 0
    modules.set(path, module)
    for (const [oldest, { text } = { text: '' }] of modules) {
      if (kept <= maximumKept) break
      if (text !== '') forget(oldest)
    }
    return module
  }

  return {
    forget,
    importedBy: (path, document) =>
      followImports(path, document, workspace.rootOf(path), imported => {
        const module = open(imported)
        return module && place(imported, module)
      }),
    lend(path, text, use) {
      if ((modules.get(path)?.text ?? workspace.read(path)) !== text) return undefined
      const module = open(path)
      if (!module) return undefined
      if (module.start === 0) return use({ ...module })
      try {
        return use(relocate(module, 0))
      } finally {
        relocate({ ...module, start: 0 }, module.start)
      }
    },
  }
}

/** One document's view: a file stays what it was when it was first looked at. */
function followImports(
  path: string,
  document: Module,
  root: string | undefined,
  open: (path: string) => Module | undefined,
): FollowedFiles {
  const asked = new Map<string, Module | undefined>()
  const paths = new Map<Module, string>([[document, path]])
  const byStart = new Map<number, Module>()
  const answers = new Map<string, Module | undefined>()
  let total = 0

  const look = (candidate: string): Module | undefined => {
    if (candidate === path) return document
    if (asked.has(candidate)) return asked.get(candidate)
    const isWithinBudget = byStart.size < maximumFiles && total < maximumTotal
    const module = isWithinBudget ? open(candidate) : undefined
    asked.set(candidate, module)
    if (module) {
      total += module.text.length
      paths.set(module, candidate)
      byStart.set(module.start, module)
    }
    return module
  }

  const isInside = (folder: string): boolean => isWithin(folder, root ?? parentOf(path))
  /** A package comes before a module of the same name. */
  const moduleAt = (stem: string): Module | undefined => look(`${stem}/__init__.py`) ?? look(`${stem}.py`)

  const findRelative = (name: string, importer: Module): Module | undefined => {
    const [dots = ''] = /^\.+/.exec(name) ?? []
    const parts = name.slice(dots.length)
    let folder = parentOf(paths.get(importer) ?? path)
    for (let level = 1; level < dots.length; level++) folder = parentOf(folder)
    if (!isInside(folder)) return undefined
    return parts === '' ? look(`${folder}/__init__.py`) : moduleAt(`${folder}/${parts.replaceAll('.', '/')}`)
  }

  const folders = searchPath(path, root)
  const findAbsolute = (name: string): Module | undefined => {
    const [first = ''] = name.split('.')
    if (libraries.has(first)) return undefined
    const inFolder = (folder: string): boolean =>
      moduleAt(`${folder}/${first}`) !== undefined || moduleAt(`${folder}/${name.replaceAll('.', '/')}`) !== undefined
    const [folder, ...others] = folders.filter(inFolder)
    if (folder === undefined) return undefined
    // A script's own folder comes first, but nobody knows whether a part of a package is run as a script.
    const isAmbiguous = others.length > 0 && (folder !== folders[0] || look(`${folder}/__init__.py`) !== undefined)
    return isAmbiguous ? undefined : moduleAt(`${folder}/${name.replaceAll('.', '/')}`)
  }

  return {
    get asked() {
      return new Set(asked.keys())
    },
    pathOf: module => paths.get(module),
    at: position => byStart.get(position - ((position - firstStart) % maximumSize)),
    find: (name, importer) => {
      const key = name.startsWith('.') ? `${parentOf(paths.get(importer) ?? path)} ${name}` : name
      if (!answers.has(key)) answers.set(key, name.startsWith('.') ? findRelative(name, importer) : findAbsolute(name))
      return answers.get(key)
    },
    submodule: (parent, name) => {
      const at = paths.get(parent) ?? path
      return at.endsWith('/__init__.py') ? moduleAt(`${parentOf(at)}/${name}`) : undefined
    },
  }
}

/** Where absolute imports are looked for: the script's own folder, those above it up to the project's, and its `src`. */
function searchPath(path: string, root: string | undefined): readonly string[] {
  const folders = [parentOf(path)]
  if (root === undefined || !isWithin(path, root)) return folders
  for (let folder = parentOf(path); folder !== root && folders.length < maximumFolders; folders.push(folder))
    folder = parentOf(folder)
  return [...new Set([...folders, `${root}/src`])]
}

const maximumFolders = 12

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

/** Names that a file of the project does not take away, as far as anybody can tell from its name. */
const libraries: ReadonlySet<string> = new Set(
  (
    'torch torchvision torchaudio torchtext torchdata torch_xla numpy scipy pandas sklearn matplotlib cv2 PIL tqdm yaml ' +
    'einops timm transformers datasets accelerate apex deepspeed fairscale lightning pytorch_lightning mmcv mmengine ' +
    'tensorflow keras jax wandb tensorboard tensorboardX hydra omegaconf huggingface_hub ' +
    '__future__ abc argparse ast asyncio base64 bisect builtins collections contextlib copy csv ctypes dataclasses ' +
    'datetime enum functools gc glob gzip hashlib heapq importlib inspect io itertools json logging math multiprocessing ' +
    'numbers operator os pathlib pickle platform pprint queue random re shutil signal socket string subprocess sys ' +
    'tempfile textwrap threading time traceback types typing typing_extensions unittest urllib uuid warnings weakref zipfile'
  ).split(' '),
)
