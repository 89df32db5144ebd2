/** A project on the disk, and a client in it. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  type CodeAction,
  type CodeActionContext,
  CodeActionRequest,
  Command,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  FileChangeType,
  type Range,
  TextDocumentEdit,
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { type ClientOptions, modern, startServer } from './client.ts'

export async function openProject(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  options: (folder: string) => ClientOptions = () => ({}),
) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'torchlint-')))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const uriOf = (name: string) => pathToFileURL(join(folder, name)).href
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  for (const [name, text] of Object.entries(files)) put(name, text)
  const capabilities = {
    ...modern,
    workspace: {
      ...modern.workspace,
      didChangeWatchedFiles: { dynamicRegistration: true },
      workspaceEdit: { documentChanges: true, resourceOperations: ['create' as const] },
    },
  }
  const client = await startServer(t, { capabilities, workspaceFolder: uriOf('.'), ...options(folder) })
  const { connection } = client
  const report = async (name: string) => {
    const answer = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: uriOf(name) } })
    assert.equal(answer.kind, 'full')
    return answer.kind === 'full' ? answer.items : []
  }
  return {
    client,
    uriOf,
    open: (name: string, text = files[name] ?? '') =>
      connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri: uriOf(name), languageId: 'python', version: 1, text },
      }),
    /** As somebody else would: the client notices and tells the server. */
    async write(name: string, text: string) {
      put(name, text)
      await connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: uriOf(name), type: FileChangeType.Changed }],
      })
    },
    /** As somebody else would, unnoticed. */
    lose: (name: string) => rmSync(join(folder, name)),
    async remove(name: string) {
      rmSync(join(folder, name))
      await connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: uriOf(name), type: FileChangeType.Deleted }],
      })
    },
    close: (name: string) =>
      connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: uriOf(name) } }),
    report,
    rules: async (name: string) => (await report(name)).map(({ code }) => code),
    async actions(name: string, range: Range, context: CodeActionContext = { diagnostics: [] }) {
      const textDocument = { uri: uriOf(name) }
      const answer = await connection.sendRequest(CodeActionRequest.type, { textDocument, range, context })
      return (answer ?? []).filter((action): action is CodeAction => !Command.is(action))
    },
  }
}

/** The text after the one document change of an action. */
export function applied(text: string, action: CodeAction | undefined): string {
  const change = action?.edit?.documentChanges?.find(change => TextDocumentEdit.is(change))
  assert.ok(change, `${action?.title} changes a document`)
  const edits = change.edits.filter(edit => 'newText' in edit)
  return TextDocument.applyEdits(TextDocument.create('', '', 0, text), edits)
}
