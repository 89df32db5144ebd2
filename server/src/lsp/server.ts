/**
 * The language server: editor requests in, answers from the analysis out. One file per request.
 *
 * Invariants of the layer: it knows no host (nothing here is of Node); a handler that fails is logged once and answers
 * empty; nothing waits on a timer; every answer is about the current version of a document, and all requests about one
 * version share one analysis.
 */
import type { Connection } from 'vscode-languageserver'
import type { Analyzer, Workspace } from '../analysis.ts'
import { abilities } from './abilities.ts'
import { clientFiles, withClientFiles } from './clientFiles.ts'
import { answerCodeActions } from './codeAction.ts'
import { answerCodeLenses } from './codeLens.ts'
import { answerCompletions, registerCompletion } from './completion.ts'
import { readConfiguration } from './configuration.ts'
import { reportConfigurationMistakes } from './configurationMistakes.ts'
import { separateTexts } from './configurationTexts.ts'
import { reportDiagnostics } from './diagnostics.ts'
import { type Documents, openDocuments } from './documents.ts'
import { answerHovers } from './hover.ts'
import { capabilities } from './initialize.ts'
import { answerInlayHints } from './inlayHints.ts'
import { createLog } from './log.ts'
import { answerMemoryQuestions } from './memory.ts'
import { openNotebooks, withNotebooks } from './notebooks.ts'
import { answerPages } from './pages.ts'
import { answerStatus } from './status.ts'
import { type ProjectHost, pathOfFolder, readTargets } from './targets.ts'
import { watchFiles } from './watching.ts'
import { followFiles, type ReadFile, workspaceOf } from './workspace.ts'
import { answerWorkspaceChecks, type FileChecks } from './workspaceCheck.ts'

/**
 * Answers on the connection, whose transport the host has chosen. The analyzer is made while the client initializes. The
 * files that the host does not have are asked of the client, if that serves them.
 */
export function serve(
  connection: Connection,
  createAnalyzer: (workspace: Workspace) => Promise<Analyzer>,
  disk: ProjectHost,
  readFile: ReadFile,
  checks?: FileChecks,
): void {
  connection.onInitialize(async params => {
    let documents: Documents | undefined
    const log = createLog(connection)
    const able = abilities(params.initializationOptions)
    const isServed = (uri: string) => able.servesFiles && pathOfFolder(disk, uri) === undefined
    const files = clientFiles(connection, params, isServed, log)
    const host = withClientFiles(disk, files)
    const readAny: ReadFile = uri => (files.concerns(uri) ? files.read(uri) : readFile(uri))
    const analyzer = await createAnalyzer(workspaceOf(params, () => documents, readAny))
    const configuration = readConfiguration(connection, params, log)
    const watching = watchFiles(connection, params.capabilities, files, log)
    const targets = readTargets(params, configuration, watching, host)
    const { configurations, scripts } = separateTexts(connection, log)
    documents = withNotebooks(
      openDocuments(scripts, analyzer, targets.settingsOf, log),
      openNotebooks(connection, analyzer, targets.settingsOf, log),
    )
    followFiles(watching, documents)
    targets.onDidChange(documents.renew)
    const session = {
      connection,
      client: params.capabilities,
      ...able,
      documents,
      configurations,
      configuration,
      targets,
      log,
    }
    connection.onInitialized(() => {
      configuration.start()
      watching.start()
      registerCompletion(session)
    })
    reportDiagnostics(session)
    reportConfigurationMistakes(session, host)
    answerCodeActions(session, host)
    answerHovers(session)
    answerCompletions(session)
    answerInlayHints(session)
    answerCodeLenses(session)
    answerPages(session)
    answerMemoryQuestions(session)
    answerStatus(session, host, analyzer.parser)
    answerWorkspaceChecks(session, disk, watching, checks)
    return capabilities(params.capabilities, able)
  })
  connection.listen()
}
