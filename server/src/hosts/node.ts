/** The language server in Node: over IPC for VS Code, over standard input and output for every other editor. */
import { fileURLToPath } from 'node:url'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { createConnection } from 'vscode-languageserver/node'
import { createAnalyzer, type Workspace } from '../analysis.ts'
import type { CheckRequest } from '../checking/checker.ts'
import { discover, isDiscovered } from '../checking/discovery.ts'
import { readSource } from '../checking/readSource.ts'
import { answerChecks, checkInThreads, threadLimits } from '../checking/threads.ts'
import { withSlashes } from '../checking/workspace.ts'
import { serve } from '../lsp/server.ts'
import type { FileChecks } from '../lsp/workspaceCheck.ts'
import { readGrammar } from './grammar.ts'
import { projectFiles } from './projectFiles.ts'

/** In a thread of their own, which takes its memory along when it ends. */
const checks: FileChecks = {
  async *discover(folders, isExcluded) {
    for await (const found of discover(folders, '/', path => isExcluded(withSlashes(path))))
      yield { ...found, path: withSlashes(found.path) }
  },
  isDiscovered: (path, folder, isExcluded) => isDiscovered(path, folder, part => isExcluded(withSlashes(part))),
  check(files, folders) {
    const request: CheckRequest = {
      paths: folders,
      workingDirectory: '/',
      areProjects: true,
      fixes: 'none',
      isWriting: false,
    }
    const options = { workerData: request, resourceLimits: threadLimits }
    return checkInThreads(files, 1, () => new Worker(new URL(import.meta.url), options))
  },
}

const startAnalyzer = (workspace?: Workspace) => createAnalyzer(readGrammar(), workspace)

if (parentPort) await answerChecks(parentPort, workerData, { createAnalyzer: startAnalyzer })
else serve(createConnection(), startAnalyzer, projectFiles, readFile, checks)

/** An editor names files by URIs, and some name no file that this machine could have. */
function readFile(uri: string): string | undefined {
  try {
    return readSource(fileURLToPath(uri))
  } catch {
    return undefined
  }
}
