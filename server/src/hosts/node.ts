/** The language server in Node: over IPC for VS Code, over standard input and output for every other editor. */
import { createConnection } from 'vscode-languageserver/node'
import { createAnalyzer } from '../analysis.ts'
import { serve } from '../lsp/server.ts'
import { readGrammar } from './grammar.ts'
import { projectFiles } from './projectFiles.ts'

serve(createConnection(), () => createAnalyzer(readGrammar()), projectFiles)
