/** A file system that is on no disk, as that of a repository on the web. */
import {
  Disposable,
  EventEmitter,
  type FileChangeEvent,
  FileChangeType,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  type Uri,
} from 'vscode'

/** Texts by path. */
export function memoryFiles(initial: Readonly<Record<string, string>>): FileSystemProvider {
  const changed = new EventEmitter<FileChangeEvent[]>()
  const files = new Map(Object.entries(initial).map(([path, text]) => [path, new TextEncoder().encode(text)]))
  const namesIn = (folder: string): ReadonlyMap<string, FileType> => {
    const within = [...files.keys()].filter(path => path.startsWith(`${folder}/`))
    return new Map(
      within.map(path => {
        const [name = '', ...rest] = path.slice(folder.length + 1).split('/')
        return [name, rest.length > 0 ? FileType.Directory : FileType.File]
      }),
    )
  }
  const refuse = (uri: Uri): never => {
    throw FileSystemError.NoPermissions(uri)
  }
  return {
    onDidChangeFile: changed.event,
    watch: () => new Disposable(() => {}),
    stat(uri) {
      const file = files.get(uri.path)
      if (!file && namesIn(uri.path).size === 0) throw FileSystemError.FileNotFound(uri)
      return { type: file ? FileType.File : FileType.Directory, ctime: 0, mtime: 0, size: file?.length ?? 0 }
    },
    readDirectory: uri => [...namesIn(uri.path)],
    readFile(uri) {
      const file = files.get(uri.path)
      if (!file) throw FileSystemError.FileNotFound(uri)
      return file
    },
    writeFile(uri, content) {
      const type = files.has(uri.path) ? FileChangeType.Changed : FileChangeType.Created
      files.set(uri.path, new Uint8Array(content))
      changed.fire([{ type, uri }])
    },
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  }
}
