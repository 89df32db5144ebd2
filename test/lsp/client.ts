/** A language client that talks to the real server over a real connection. */
import assert from 'node:assert/strict'
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { EventEmitter, on } from 'node:events'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  type CancellationToken,
  type ClientCapabilities,
  type CodeAction,
  type CodeActionContext,
  CodeActionRequest,
  Command,
  ConfigurationRequest,
  createProtocolConnection,
  DiagnosticRefreshRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  IPCMessageReader,
  IPCMessageWriter,
  LogMessageNotification,
  MarkupContent,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  type Registration,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node'

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities
  readonly locale?: string
  readonly initializationOptions?: unknown
  readonly environment?: Readonly<Record<string, string>>
  readonly transport?: 'stdio' | 'ipc'
  /** The answer to `workspace/configuration`, for a folder of the workspace or for all. */
  readonly configuration?: (scope?: string) => unknown
  readonly workspaceFolder?: string
}

export type Client = Awaited<ReturnType<typeof startServer>>

/** The document that these tests are about. */
export const uri = 'file:///project/train.py'

/** What VS Code can do, as far as the server cares. */
export const modern: ClientCapabilities = {
  textDocument: { diagnostic: {}, hover: { contentFormat: ['markdown'] } },
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
}

/** A client that can neither pull diagnostics nor be asked for its settings. */
export const plain: ClientCapabilities = {}

/** Starts the server as VS Code runs it, from its bundle; it ends with the test. */
export async function startServer(test: TestContext, options: ClientOptions = {}) {
  const child = startProcess(options)
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve))
  const connection = connect(child)
  const stop = async () => {
    await connection.sendRequest(ShutdownRequest.type)
    await connection.sendNotification(ExitNotification.type)
    return exited
  }
  test.after(async () => {
    if (child.exitCode === null) await stop()
    connection.dispose()
  })
  const client = await Promise.race([converse(connection, options), exited])
  assert.ok(client !== null && typeof client === 'object', 'the server ended before it was initialized')
  return { ...client, stop }
}

function startProcess({ transport = 'stdio', environment }: ClientOptions): ChildProcess {
  const server = fileURLToPath(new URL('../../dist/server.js', import.meta.url))
  const env = { ...process.env, ...environment }
  return transport === 'stdio'
    ? spawn(process.execPath, [server, '--stdio'], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    : fork(server, ['--node-ipc'], { env })
}

function connect(child: ChildProcess): ProtocolConnection {
  return child.stdout && child.stdin
    ? createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin))
    : createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child))
}

/** Introduces the client to the server, as far as `initialized`. */
export async function converse(connection: ProtocolConnection, options: ClientOptions = {}) {
  const { capabilities = modern, configuration = () => null, locale, initializationOptions, workspaceFolder } = options
  const published = inbox<PublishDiagnosticsParams>()
  const refreshed = inbox<undefined>()
  const logged = inbox<string>()
  connection.onNotification(PublishDiagnosticsNotification.type, params => published.put(params))
  connection.onNotification(LogMessageNotification.type, ({ message }) => logged.put(message))
  connection.onRequest(DiagnosticRefreshRequest.type, () => refreshed.put(undefined))
  const registered = inbox<Registration>()
  connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
    for (const registration of registrations) registered.put(registration)
  })
  connection.onRequest(ConfigurationRequest.type, ({ items }) =>
    Promise.all(items.map(async ({ scopeUri }) => configuration(scopeUri))),
  )
  connection.listen()
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri: null,
    capabilities,
    initializationOptions,
    ...(locale !== undefined && { locale }),
    ...(workspaceFolder !== undefined && { workspaceFolders: [{ uri: workspaceFolder, name: 'workspace' }] }),
  })
  await connection.sendNotification(InitializedNotification.type, {})
  return { connection, initialized, published, refreshed, logged, registered, ...requests(connection) }
}

function requests(connection: ProtocolConnection) {
  const textDocument = { uri }
  return {
    open: (text: string, version = 1) =>
      connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'python', version, text },
      }),
    change: (version: number, ...contentChanges: TextDocumentContentChangeEvent[]) =>
      connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges,
      }),
    close: () => connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument }),
    pull: (previousResultId?: string, token?: CancellationToken) =>
      connection.sendRequest(
        DocumentDiagnosticRequest.type,
        { textDocument, ...(previousResultId !== undefined && { previousResultId }) },
        token,
      ),
    async codeActions(range: Range, context: CodeActionContext = { diagnostics: [] }): Promise<readonly CodeAction[]> {
      const answer = await connection.sendRequest(CodeActionRequest.type, { textDocument, range, context })
      return (answer ?? []).filter((action): action is CodeAction => !Command.is(action))
    },
    async hover(position: Position, token?: CancellationToken): Promise<string | undefined> {
      const hover = await connection.sendRequest(HoverRequest.type, { textDocument, position }, token)
      return MarkupContent.is(hover?.contents) ? hover.contents.value : undefined
    },
  }
}

/** What arrives, in order; `next` waits for what has not arrived yet. */
export function inbox<Item>() {
  const emitter = new EventEmitter<{ item: [Item] }>()
  const items = on(emitter, 'item')
  return {
    put(item: Item): void {
      emitter.emit('item', item)
    },
    async next(): Promise<Item> {
      const { value } = await items.next()
      assert.ok(value)
      return value[0]
    },
  }
}
