/** What the files of a folder say of PyTorch, each in its own format. */
import { parse as parseToml } from 'smol-toml'
import { parse as parseYaml } from 'yaml'
import type { ProjectFiles } from './files.ts'
import { releaseOf } from './releases.ts'
import { agreed, firstKnown, fromConda, fromPoetry, fromRequirement, type Required } from './requirements.ts'

/** A version, and the path of the file that tells it. */
export interface TorchVersion {
  readonly version: string
  readonly path: string
}

/** Reads one kind of file in a folder. */
export type Source = (files: ProjectFiles, folder: string) => TorchVersion | 'any' | undefined

/** From the surest to the vaguest: what is installed, what is locked, what is asked for. */
export const sources: readonly Source[] = [
  installed,
  reading('uv.lock', lockedToml),
  reading('poetry.lock', lockedToml),
  reading('pdm.lock', lockedToml),
  reading('Pipfile.lock', lockedJson),
  reading('pyproject.toml', declaredToml),
  requirementFiles,
  reading('setup.cfg', declaredLines),
  reading('environment.yml', declaredYaml),
  reading('environment.yaml', declaredYaml),
]

/** Names of files whose change may change the version. */
export const sourcePatterns: readonly string[] = [
  '**/{uv,poetry,pdm,Pipfile}.lock',
  '**/{pyproject.toml,setup.cfg,environment.yml,environment.yaml}',
  '**/*requirements*.txt',
  '**/requirements/*.txt',
  '**/torch-*.dist-info',
]

/** May a change of this file change the version? */
export function isSource(path: string): boolean {
  return /(?:\.lock|requirements[^/]*\.txt|requirements\/[^/]*\.txt|pyproject\.toml|setup\.cfg|environment\.ya?ml|dist-info)\/?$/i.test(
    path,
  )
}

function reading(name: string, read: (text: string) => Required | undefined): Source {
  return (files, folder) => {
    const path = `${folder}/${name}`
    const text = files.read(path)
    try {
      const required = text === undefined ? undefined : read(text)
      return typeof required === 'object' ? { ...required, path } : required
    } catch {
      // A file that is being edited.
      return undefined
    }
  }
}

/** The metadata beside an installed package are a folder with its version in its name. */
function installed(files: ProjectFiles, folder: string): TorchVersion | undefined {
  for (const environment of ['.venv', 'venv', 'env', '.env']) {
    const library = `${folder}/${environment}/lib`
    const pythons = files.names(library).filter(name => name.startsWith('python3'))
    const places = [...pythons.map(name => `${library}/${name}`), `${folder}/${environment}/Lib`]
    for (const packages of places.map(place => `${place}/site-packages`))
      for (const name of files.names(packages)) {
        const [, found] = /^torch-(.+)\.dist-info$/.exec(name) ?? []
        const version = found === undefined ? undefined : releaseOf(found)
        if (version !== undefined) return { version, path: `${packages}/${name}/METADATA` }
      }
  }
  return undefined
}

function requirementFiles(files: ProjectFiles, folder: string): TorchVersion | 'any' | undefined {
  const names = files.names(folder)
  const texts = names
    .filter(name => /requirements.*\.txt$/i.test(name))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  const inner = names.includes('requirements') ? files.names(`${folder}/requirements`) : []
  const paths = [...texts, ...inner.filter(name => name.endsWith('.txt')).map(name => `requirements/${name}`)]
  return firstKnown(paths.map(path => reading(path, declaredLines)(files, folder)))
}

function declaredLines(text: string): Required | undefined {
  return agreed(text.split(/\r\n|\r|\n/).map(fromRequirement))
}

/** `[[package]] name = "torch" version = "2.4.1"`, alike in the locks of uv, Poetry and PDM. */
function lockedToml(text: string): Required | undefined {
  return agreed(
    list(property(parseToml(text), 'package')).map(entry =>
      property(entry, 'name') === 'torch' ? locked(property(entry, 'version')) : undefined,
    ),
  )
}

function lockedJson(text: string): Required | undefined {
  const lock: unknown = JSON.parse(text)
  const version = property(property(property(lock, 'default'), 'torch'), 'version')
  return typeof version === 'string' ? fromRequirement(`torch${version}`) : undefined
}

function locked(version: unknown): Required {
  const release = typeof version === 'string' ? releaseOf(version) : undefined
  return release === undefined ? 'any' : { version: release }
}

function declaredToml(text: string): Required | undefined {
  const file = parseToml(text)
  const project = property(file, 'project')
  const optional = Object.values(table(property(project, 'optional-dependencies')))
  const groups = Object.values(table(property(file, 'dependency-groups')))
  const standard = [property(project, 'dependencies'), ...optional, ...groups]
    .flatMap(list)
    .map(entry => (typeof entry === 'string' ? fromRequirement(entry) : undefined))
  const poetry = property(property(property(property(file, 'tool'), 'poetry'), 'dependencies'), 'torch')
  return agreed([...standard, fromPoetryEntry(poetry)])
}

/** `"^2.0"`, `{ version = "^2.0", source = "…" }`, or a list of such. */
function fromPoetryEntry(entry: unknown): Required | undefined {
  if (entry === undefined) return undefined
  if (typeof entry === 'string') return fromPoetry(entry)
  if (Array.isArray(entry)) return agreed(entry.map(fromPoetryEntry))
  const version = property(entry, 'version')
  return typeof version === 'string' ? fromPoetry(version) : 'any'
}

function declaredYaml(text: string): Required | undefined {
  const dependencies = list(property(parseYaml(text), 'dependencies'))
  const conda = dependencies.map(entry => (typeof entry === 'string' ? fromConda(entry) : undefined))
  const pip = dependencies
    .flatMap(entry => list(property(entry, 'pip')))
    .map(entry => (typeof entry === 'string' ? fromRequirement(entry) : undefined))
  return agreed([...conda, ...pip])
}

function property(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function table(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
