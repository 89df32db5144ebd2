/** The command line in Node. */
import manifest from '../../package.json' with { type: 'json' }
import { createAnalyzer } from '../analysis.ts'
import { run } from '../cli/program.ts'
import { readGrammar } from './grammar.ts'
import { projectFiles } from './projectFiles.ts'

// Who reads our output may have seen enough: `torchlint check . | head`.
process.stdout.on('error', () => process.exit())

process.exitCode = await run(process.argv.slice(2), {
  terminal: {
    colors: wantsColors(),
    print: text => process.stdout.write(text),
    complain: text => process.stderr.write(text),
  },
  workingDirectory: process.cwd(),
  version: manifest.version,
  files: projectFiles,
  createAnalyzer: workspace => createAnalyzer(readGrammar(), workspace),
})

/** https://no-color.org and https://force-color.org, else colours are for a terminal. */
function wantsColors(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0'
  return process.stdout.isTTY && process.stdout.hasColors()
}
