/** What the server offers, given what the client can do. */
import {
  type ClientCapabilities,
  CodeActionKind,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver'
import manifest from '../../package.json' with { type: 'json' }
import { canPull } from './abilities.ts'
import { fixAllKind, fixNotebookKind } from './actions.ts'
import { completionProvider } from './completion.ts'
import { notebookSelector } from './notebooks.ts'
import type { Abilities } from './session.ts'
import { workspaceCommands } from './workspaceCheck.ts'

export function capabilities(client: ClientCapabilities, { hasCommands }: Abilities): InitializeResult {
  return {
    serverInfo: { name: 'TorchLint', version: manifest.version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeActionProvider: {
        codeActionKinds: [CodeActionKind.QuickFix, fixAllKind, fixNotebookKind],
        resolveProvider: true,
      },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      hoverProvider: true,
      ...completionProvider(client),
      inlayHintProvider: true,
      codeLensProvider: {},
      ...(client.notebookDocument && { notebookDocumentSync: { notebookSelector: [...notebookSelector], save: true } }),
      ...(!hasCommands && {
        executeCommandProvider: { commands: Object.values(workspaceCommands), workDoneProgress: true },
      }),
      ...(canPull(client) && {
        diagnosticProvider: { identifier: 'torchlint', interFileDependencies: true, workspaceDiagnostics: false },
      }),
    },
  }
}
