/**
 * The language server in a worker of a browser. A worker cannot tell where the files of the extension are, so the client
 * sends the grammar in its first message; all others are of the protocol.
 */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser'
import { createAnalyzer, type Grammar } from '../analysis.ts'
import { serve } from '../lsp/server.ts'
import type { ProjectHost } from '../lsp/targets.ts'

self.addEventListener(
  'message',
  ({ data }) => {
    const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self))
    serve(
      connection,
      workspace => createAnalyzer(data, workspace),
      noFiles,
      () => undefined,
    )
  },
  { once: true },
)

/** The worker itself, as far as this needs it: the other hosts are of Node, and so are the types of this project. */
declare const self: {
  addEventListener(type: 'message', listen: (event: { readonly data: Grammar }) => void, options: object): void
}

/** A browser has none of its own: all there are are the client's. */
const noFiles: ProjectHost = {
  read: () => undefined,
  names: () => [],
  folderOf: () => undefined,
  uriOf: path => path,
}
