/** The files around the open documents: what an editor holds open is newer than the disk. */
import type { InitializeParams } from 'vscode-languageserver'
import type { Workspace } from '../analysis.ts'
import type { Documents } from './documents.ts'
import type { Watching } from './watching.ts'

/** The text of a file that may not be open; undefined if there is none. */
export type ReadFile = (uri: string) => string | undefined

export function workspaceOf(
  { workspaceFolders }: InitializeParams,
  documents: () => Documents | undefined,
  readFile: ReadFile,
): Workspace {
  const folders = (workspaceFolders ?? []).map(({ uri }) => uri.replace(/\/+$/, ''))
  return {
    read: uri => documents()?.get(uri)?.text.getText() ?? readFile(uri),
    rootOf: uri => folders.filter(folder => uri.startsWith(`${folder}/`)).reduce<string | undefined>(longer, undefined),
  }
}

const longer = (a: string | undefined, b: string): string => (a !== undefined && a.length > b.length ? a : b)

/** A Python file that comes, changes or goes is read again, unless it is open: then the editor's text is what counts. */
export function followFiles(watching: Watching, documents: Documents): void {
  watching.watch(['**/*.py'], uris => documents.forget(uris.filter(uri => !documents.get(uri))))
}
