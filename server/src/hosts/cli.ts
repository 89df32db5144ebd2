/** The command line in Node, and each of the threads that it starts for many files. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import manifest from '../../package.json' with { type: 'json' }
import { createAnalyzer } from '../analysis.ts'
import type { CheckerHost } from '../checking/checker.ts'
import { answerChecks, threadLimits } from '../checking/threads.ts'
import { run } from '../cli/program.ts'
import { readGrammar } from './grammar.ts'
import { projectFiles } from './projectFiles.ts'
import { createTerminal } from './terminal.ts'

const host: CheckerHost = {
  createAnalyzer: workspace => createAnalyzer(readGrammar(), workspace),
}

if (parentPort) await answerChecks(parentPort, workerData, host)
else {
  // Who reads our output may have seen enough: `torchlint check . | head`.
  process.stdout.on('error', () => process.exit())
  process.exitCode = await run(process.argv.slice(2), {
    ...host,
    files: projectFiles,
    terminal: createTerminal(),
    workingDirectory: process.cwd(),
    version: manifest.version,
    readInput: () => readFileSync(process.stdin.fd),
    startThread: request => new Worker(new URL(import.meta.url), { workerData: request, resourceLimits: threadLimits }),
    parallelism: availableParallelism(),
  })
}
