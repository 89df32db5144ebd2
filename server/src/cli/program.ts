/**
 * The command line: arguments in, text and an exit code out, with the same analyzer as in the editor.
 *
 * Invariants of the layer: it touches no process: a host hands in the terminal and receives the exit code (0 clean,
 * 1 findings, 2 wrong usage or unreadable input); what cannot be read is named, and the rest is still checked.
 */
import { resolve } from 'node:path'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { Analyzer, Message, Workspace } from '../analysis.ts'
import { inLanguage, type Language, languages } from '../language.ts'
import { configurationFiles } from '../settings/files.ts'
import type { ProjectFiles } from '../target/files.ts'
import { check, type ExitCode } from './check.ts'
import { type Configuration, readConfiguration } from './configuration.ts'
import { explainPage } from './explain.ts'
import { describeScript, inspectFile } from './inspect.ts'
import { jsonOutput } from './jsonOutput.ts'
import { isProblem, type Problem } from './problem.ts'
import { checkPatterns } from './selection.ts'
import { shownSettings } from './showSettings.ts'
import { painter, type Terminal } from './terminal.ts'
import { textOutput } from './textOutput.ts'
import { checkVersion } from './torchVersion.ts'
import { chineseTitle, help, usageError } from './usage.ts'
import { withSlashes, workspaceAround } from './workspace.ts'

export interface Surroundings {
  readonly terminal: Terminal
  readonly workingDirectory: string
  readonly version: string
  readonly files: ProjectFiles
  createAnalyzer(workspace: Workspace): Promise<Analyzer>
}

export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings
  const invocation: Invocation = { ...surroundings, language: languageIn(args, surroundings), exitCode: 0 }
  const program = new Command('torchlint')
    .description(inLanguage(help.torchlint, invocation.language))
    .version(surroundings.version, '-V, --version', inLanguage(help.version, invocation.language))
    .helpOption('-h, --help', inLanguage(help.help, invocation.language))
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: text => terminal.print(text),
      writeErr: text => terminal.complain(text),
      outputError: () => {},
    })
    .configureHelp({ styleTitle: title => (invocation.language === 'zh-cn' ? chineseTitle(title) : title) })
  addCheck(program, invocation)
  addExplain(program, invocation)
  addInspect(program, invocation)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return 0
    if (error.code !== 'commander.help') refuse(invocation, usageError(error))
    return 2
  }
  return invocation.exitCode
}

interface Invocation extends Surroundings {
  readonly language: Language
  exitCode: ExitCode
}

function addCheck(program: Command, invocation: Invocation): void {
  const { language, terminal, workingDirectory } = invocation
  const say = (message: Message) => inLanguage(message, language)
  program
    .command('check')
    .description(say(help.check))
    .argument('<path...>', say(help.paths))
    .addOption(formatOption(language))
    .addOption(languageOption(language))
    .option('--fix', say(help.fix))
    .option('--select <rules>', say(help.select), split)
    .option('--ignore <rules>', say(help.ignore), split)
    .option('--torch-version <version>', say(help.torchVersion))
    .option('--show-settings', say(help.showSettings))
    .option('--verbose', say(help.verbose))
    .action(async (paths: readonly string[], options: CheckFlags) => {
      const { fix = false, verbose = false, format, select, ignore, torchVersion } = options
      const mistake = checkPatterns([...(select ?? []), ...(ignore ?? [])]) ?? checkVersion(torchVersion ?? 'auto')
      if (mistake) return refuse(invocation, mistake)
      const chosen = { ...(select && { select }), ...(ignore && { ignore }), ...(torchVersion && { torchVersion }) }
      const complain = (place: string, message: Message) => terminal.complain(`${place}: ${say(message)}\n`)
      const configuration = readConfiguration(chosen, invocation.files, workingDirectory, complain)
      if (options.showSettings) return showSettings(invocation, paths, configuration)
      const output = format === 'json' ? jsonOutput(terminal, language) : textOutput(terminal, language)
      const analyzer = await invocation.createAnalyzer(workspaceAround(paths, workingDirectory))
      invocation.exitCode = check(
        analyzer,
        { paths, workingDirectory, configuration, fix, verbose, language },
        output,
        terminal,
      )
    })
}

interface CheckFlags {
  readonly format: 'text' | 'json'
  readonly torchVersion?: string
  readonly showSettings?: true
  readonly fix?: true
  readonly verbose?: true
  readonly select?: readonly string[]
  readonly ignore?: readonly string[]
}

function showSettings(invocation: Invocation, paths: readonly string[], configuration: Configuration): void {
  const { language, terminal, workingDirectory } = invocation
  for (const path of paths) {
    const found = configuration.of(resolve(workingDirectory, path))
    terminal.print(shownSettings(path, found, workingDirectory, language, painter(terminal)))
  }
  invocation.exitCode = configuration.hasMistakes() ? 2 : 0
}

function addExplain(program: Command, invocation: Invocation): void {
  const { language, terminal } = invocation
  program
    .command('explain')
    .description(inLanguage(help.explain, language))
    .argument('<name>', inLanguage(help.name, language))
    .addOption(languageOption(language))
    .action((name: string) => {
      const mistake = explainPage(name, language, terminal)
      if (mistake) refuse(invocation, mistake)
    })
}

function addInspect(program: Command, invocation: Invocation): void {
  const { language, terminal, workingDirectory } = invocation
  program
    .command('inspect')
    .description(inLanguage(help.inspect, language))
    .argument('<file>', inLanguage(help.file, language))
    .addOption(formatOption(language))
    .addOption(languageOption(language))
    .addOption(new Option('--steps <number>', inLanguage(help.steps, language)).argParser(positiveInteger))
    .action(async (path: string, { format, steps }: InspectFlags) => {
      const script = inspectFile(
        await invocation.createAnalyzer(workspaceAround([path], workingDirectory)),
        path,
        workingDirectory,
        steps,
      )
      if (isProblem(script)) return refuse(invocation, script, path)
      terminal.print(
        format === 'json'
          ? `${JSON.stringify(script, null, 2)}\n`
          : describeScript(script, language, painter(terminal)),
      )
    })
}

interface InspectFlags {
  readonly format: 'text' | 'json'
  readonly steps?: number
}

function refuse(invocation: Invocation, { problem }: Problem, name = 'torchlint'): void {
  invocation.terminal.complain(`${name}: ${inLanguage(problem, invocation.language)}\n`)
  invocation.exitCode = 2
}

function split(list: string, before: readonly string[] = []): readonly string[] {
  const patterns = list.split(',').map(pattern => pattern.trim())
  return [...before, ...patterns.filter(pattern => pattern !== '')]
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a positive whole number.')
  return Number(text)
}

function formatOption(language: Language): Option {
  return new Option('--format <format>', inLanguage(help.format, language)).choices(['text', 'json']).default('text')
}

function languageOption(language: Language): Option {
  return new Option('--language <language>', inLanguage(help.language, language)).choices(languages).default(language)
}

/** Read before everything else, since help and complaints about the arguments are in that language too. */
function languageIn(args: readonly string[], { files, workingDirectory }: Surroundings): Language {
  const joined = args.find(argument => argument.startsWith('--language='))?.slice('--language='.length)
  const wanted = joined ?? (args.includes('--language') ? args[args.indexOf('--language') + 1] : undefined)
  const configured = wanted === undefined ? configurationFiles(files).nearest(withSlashes(workingDirectory)) : undefined
  return languages.find(language => language === wanted) ?? configured?.options.language ?? 'en'
}
