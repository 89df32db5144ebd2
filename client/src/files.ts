/**
 * The files that the server cannot read itself: those of a browser, and of a workspace that is on no disk. It asks for
 * files or folders when it needs them; null says that there is none.
 */
import { Disposable, type Uri, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'

export function serveFiles(client: BaseLanguageClient): Disposable {
  const answer =
    <Content>(read: (uri: Uri) => Promise<Content | null>) =>
    ({ uris }: { readonly uris: readonly string[] }): Promise<readonly (Content | null)[]> =>
      Promise.all(uris.map(uri => read(client.protocol2CodeConverter.asUri(uri)).catch(() => null)))
  return Disposable.from(
    client.onRequest('torchlint/readFiles', answer(readFile)),
    client.onRequest('torchlint/readFolders', answer(readFolder)),
  )
}

async function readFile(uri: Uri): Promise<string | null> {
  const { size } = await workspace.fs.stat(uri)
  return size <= maximumSize ? new TextDecoder().decode(await workspace.fs.readFile(uri)) : null
}

async function readFolder(uri: Uri): Promise<readonly string[]> {
  return (await workspace.fs.readDirectory(uri)).map(([name]) => name)
}

/** In bytes. A lock file of a large project has a few million. */
const maximumSize = 2 ** 23
