/** The language server in Node: over IPC for VS Code, over standard input and output for every other editor. */
import { fileURLToPath } from 'node:url'
import { createConnection } from 'vscode-languageserver/node'
import { createAnalyzer } from '../analysis.ts'
import { readSource } from '../checking/readSource.ts'
import { serve } from '../lsp/server.ts'
import { readGrammar } from './grammar.ts'
import { projectFiles } from './projectFiles.ts'

serve(createConnection(), workspace => createAnalyzer(readGrammar(), workspace), projectFiles, readFile)

/** An editor names files by URIs, and some name no file that this machine could have. */
function readFile(uri: string): string | undefined {
  try {
    return readSource(fileURLToPath(uri))
  } catch {
    return undefined
  }
}
