/** The extension in desktop VS Code and on remote machines: the server is a Node process that answers over IPC. */
import type { ExtensionContext } from 'vscode'
import { LanguageClient, TransportKind } from 'vscode-languageclient/node'
import { startExtension } from './client.ts'

export function activate(context: ExtensionContext): Promise<void> {
  const server = { module: context.asAbsolutePath('dist/server.js'), transport: TransportKind.ipc }
  const host = `Node ${process.versions.node}, ${process.platform} ${process.arch}`
  return startExtension(context, (id, name, options) => new LanguageClient(id, name, server, options), host)
}
