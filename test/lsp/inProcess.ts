import { PassThrough } from 'node:stream'
import type { TestContext } from 'node:test'
import {
  type ClientCapabilities,
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import type { Analyzer } from '../../server/src/analysis.ts'
import { serve } from '../../server/src/lsp/server.ts'
import { converse } from './client.ts'

/** The server in this process, on an analyzer of the test's choice. */
export async function startWith(t: TestContext, analyzer: Analyzer, capabilities?: ClientCapabilities) {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()]
  const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient))
  const noFiles = { read: () => undefined, names: () => [], folderOf: () => undefined, uriOf: (path: string) => path }
  serve(
    server,
    async () => analyzer,
    noFiles,
    () => undefined,
  )
  const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer))
  t.after(() => {
    connection.dispose()
    server.dispose()
  })
  return converse(connection, capabilities && { capabilities })
}
