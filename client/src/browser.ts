/** The extension in a browser, such as vscode.dev: the server is a worker. */
import { type ExtensionContext, Uri, workspace } from 'vscode'
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser'
import { type CreateClient, startExtension } from './client.ts'

/** As far as this needs it: the types of this project are those of Node. */
declare class Worker {
  constructor(url: string)
  postMessage(message: unknown): void
}

export function activate(context: ExtensionContext): Promise<void> {
  const file = (name: string) => Uri.joinPath(context.extensionUri, 'dist', name)
  /** A worker serves one client once, so that each start takes a new one. */
  const startWorker = async () => {
    const [runtime, python] = await Promise.all(
      ['web-tree-sitter.wasm', 'tree-sitter-python.wasm'].map(name => workspace.fs.readFile(file(name))),
    )
    const worker = new Worker(file('server.browser.js').toString(true))
    worker.postMessage({ runtime, python })
    // VS Code's own Worker is none that the client would recognise.
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) }
  }
  const createClient: CreateClient = (id, name, options) => new LanguageClient(id, name, startWorker, options)
  return startExtension(context, createClient, navigator.userAgent)
}
