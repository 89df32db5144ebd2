/**
 * The files of workspaces that the host cannot read itself: those of a browser, and those that are on no disk. What is
 * known is answered at once, and the client is asked for the rest; when that comes, it is news like a file that somebody
 * has saved. What is missing stays missing until the client says that there is something new.
 */
import type { Connection, InitializeParams } from 'vscode-languageserver'
import { inLanguage, languageOfLocale } from '../language.ts'
import type { Log } from './log.ts'
import type { ProjectHost } from './targets.ts'

/** Asks the client where it has to, the disk everywhere else. */
export function withClientFiles(disk: ProjectHost, files: ClientFiles): ProjectHost {
  const at = (path: string): ProjectHost => (files.concerns(path) ? files : disk)
  return {
    read: path => at(path).read(path),
    names: folder => at(`${folder}/`).names(folder),
    folderOf: uri => at(uri).folderOf(uri),
    uriOf: path => at(path).uriOf(path),
  }
}

export interface ClientFiles extends ProjectHost {
  /** Of a path or a URI: is it for the client to say what is there? */
  concerns(path: string): boolean
  /** These have come, gone or changed; what has been asked for before is asked for again. */
  renew(uris: readonly string[]): void
  /** Something has another text than before, or a folder, whose path ends in a slash, has other names. */
  onDidArrive(listener: (paths: readonly string[]) => void): void
}

/** What was asked for, under these names, and the answer, which is nothing as long as there is none. */
interface Known<Content> {
  readonly names: Set<string>
  content: Content
  /** The last one counts. */
  request: object
}

/** `isServed`: the files of this folder are for the client to read. */
export function clientFiles(
  connection: Connection,
  { workspaceFolders, locale }: InitializeParams,
  isServed: (uri: string) => boolean,
  log: Log,
): ClientFiles {
  const folders = (workspaceFolders ?? []).map(({ uri }) => uri.replace(/\/+$/, ''))
  const roots = folders.filter(isServed).map(pathOf)
  const listeners: ((paths: readonly string[]) => void)[] = []
  const listings = new Map<string, Promise<readonly string[]>>()

  const concerns = (path: string) => roots.some(root => pathOf(path).startsWith(`${root}/`))
  const arrive = together<string>(paths => {
    for (const listener of listeners) log.guard(undefined, () => listener(paths))
  })
  const asking = (method: string) => {
    const send = together<Request>(async requests => {
      const uris = requests.map(({ path }) => uriOf(path))
      const answers: unknown = await connection.sendRequest(method, { uris }).catch(error => log.error(error))
      for (const [index, { resolve }] of requests.entries())
        resolve(Array.isArray(answers) ? answers[index] : undefined)
    })
    return (path: string): Promise<unknown> => new Promise(resolve => send({ path, resolve }))
  }
  const ask = { forText: asking('torchlint/readFiles'), forNames: asking('torchlint/readFolders') }

  /** Only what its folder names is asked for: in a workspace on the network every request is slow. */
  const exists = async (path: string) =>
    roots.includes(path) || (await list(parentOf(path))).includes(path.slice(path.lastIndexOf('/') + 1))
  const list = (folder: string): Promise<readonly string[]> => {
    const listing = listings.get(folder) ?? askForNames(folder)
    listings.set(folder, listing)
    return listing
  }
  const askForNames = async (folder: string): Promise<readonly string[]> => {
    const names = (await exists(folder)) ? await ask.forNames(folder) : []
    return Array.isArray(names) ? names.filter(name => typeof name === 'string') : []
  }
  const askForText = async (path: string): Promise<string | undefined> => {
    if (!(await exists(path)) || !room.reserve(path)) return room.leave(path)
    const text = await ask.forText(path)
    return typeof text === 'string' && room.take(path, text) ? text : room.leave(path)
  }

  const room = limitedRoom(() => log.warn(inLanguage(tooMany, languageOfLocale(locale))))
  const texts = memory<string | undefined>(askForText, undefined, asked => asked.forEach(arrive))
  const names = memory<readonly string[]>(list, [], (_, folder) => arrive(`${folder}/`))

  return {
    concerns,
    read: path => (concerns(path) ? texts.get(path) : undefined),
    names: folder => (concerns(`${folder}/`) ? names.get(folder) : []),
    folderOf: uri => (concerns(uri) ? parentOf(pathOf(uri)) : undefined),
    uriOf,
    renew(uris) {
      const paths = uris.map(pathOf)
      // Some workspaces call a file changed that has just come.
      const around = [...listings.keys()].filter(folder => paths.some(path => path.startsWith(`${folder}/`)))
      for (const folder of around) listings.delete(folder)
      for (const folder of around) names.renew(folder)
      for (const path of paths) texts.renew(path)
    },
    onDidArrive: listener => listeners.push(listener),
  }
}

interface Request {
  readonly path: string
  readonly resolve: (answer: unknown) => void
}

/** Everything that comes while one message is dealt with goes on together. */
function together<Item>(go: (items: readonly Item[]) => void): (item: Item) => void {
  let items: Item[] = []
  return item => {
    items.push(item)
    if (items.length > 1) return
    queueMicrotask(() => {
      const all = items
      items = []
      go(all)
    })
  }
}

/** Contents by path. `onChange` hears, of each that is not what was known before, under which names it was asked for. */
function memory<Content>(
  load: (path: string) => Promise<Content>,
  nothing: Content,
  onChange: (names: readonly string[], path: string) => void,
) {
  const all = new Map<string, Known<Content>>()
  const ask = async (path: string, known: Known<Content>): Promise<void> => {
    const request = {}
    known.request = request
    const content = await load(path)
    if (known.request !== request || JSON.stringify(content) === JSON.stringify(known.content)) return
    known.content = content
    onChange([...known.names], path)
  }
  return {
    get(name: string): Content {
      const path = pathOf(name)
      const known = all.get(path)
      if (known) known.names.add(name)
      else if (all.size < maximumPaths) {
        const asked = { names: new Set([name]), content: nothing, request: {} }
        all.set(path, asked)
        ask(path, asked)
      }
      return known?.content ?? nothing
    },
    renew(path: string): void {
      const known = all.get(path)
      if (known) ask(path, known)
    },
  }
}

/** Room for the texts of so many files, and so many characters in them. */
function limitedRoom(onFull: () => void) {
  const sizes = new Map<string, number>()
  let total = 0
  const leave = (path: string): undefined => {
    total -= sizes.get(path) ?? 0
    sizes.delete(path)
  }
  const take = (path: string, { length }: { readonly length: number }): boolean => {
    const others = total - (sizes.get(path) ?? 0)
    const fits = others + length <= maximumSize && (sizes.has(path) || sizes.size < maximumFiles)
    if (!fits) onFull()
    else {
      sizes.set(path, length)
      total = others + length
    }
    return fits
  }
  return { take, leave, reserve: (path: string) => sizes.has(path) || take(path, '') }
}

/** A URI whose path is written as a path of the disk would be, without escapes. */
function pathOf(uri: string): string {
  const [, start = '', path = uri] = /^([a-z][a-z\d+.-]+:(?:\/\/[^/]*)?)(.*)$/i.exec(uri) ?? []
  try {
    return start + decodeURIComponent(path)
  } catch {
    return uri
  }
}

function uriOf(path: string): string {
  const [, start = '', rest = path] = /^([a-z][a-z\d+.-]+:(?:\/\/[^/]*)?)(.*)$/i.exec(path) ?? []
  return start + rest.split('/').map(encodeURIComponent).join('/')
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** What is kept of a workspace: files, characters in them, and places where there may be one. */
const maximumFiles = 1000
const maximumSize = 2 ** 24
const maximumPaths = 2 ** 15

const tooMany = {
  en: `This workspace has more files than TorchLint keeps in memory (${maximumFiles}): some imports are not followed`,
  zh: `此工作区的文件超出 TorchLint 在内存中保留的上限（${maximumFiles} 个），部分导入不会跟踪`,
}
