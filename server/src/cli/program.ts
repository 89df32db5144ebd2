/**
 * The command line: arguments in, text and an exit code out, with the same analyzer as in the editor.
 *
 * Invariants of the layer: it touches no process: a host hands in the terminal and receives the exit code (0 clean,
 * 1 findings, 2 wrong usage or unreadable input); what cannot be read is named, and the rest is still checked.
 */
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { isProblem, type Problem } from '../checking/problem.ts'
import { withSlashes, workspaceAround } from '../checking/workspace.ts'
import { inLanguage, type Language, languages } from '../language.ts'
import { configurationFiles } from '../settings/files.ts'
import type { ExitCode } from './check.ts'
import { addCheckOptions, type CheckFlags, type CheckSurroundings, runCheck } from './checkCommand.ts'
import { memoryPageOf } from './doctor.ts'
import { explainPage } from './explain.ts'
import { describeScript, inspectFile, scriptAsJson } from './inspect.ts'
import { printPage } from './printPage.ts'
import { painter } from './terminal.ts'
import { chineseHelp, help, positive, usageError } from './usage.ts'

export type Surroundings = Omit<CheckSurroundings, 'language'>

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
    .configureHelp(invocation.language === 'zh-cn' ? chineseHelp : {})
  addCheck(program, invocation)
  addExplain(program, invocation)
  addInspect(program, invocation)
  addDoctor(program, invocation)
  addServer(program, invocation)
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
  const { language } = invocation
  const command = program
    .command('check')
    .description(inLanguage(help.check, language))
    .addArgument(
      new Argument('[path...]', inLanguage(help.paths, language)).default(
        ['.'],
        inLanguage(help.currentFolder, language),
      ),
    )
    .addOption(languageOption(language))
  addCheckOptions(command, language, split, positiveInteger).action(
    async (paths: readonly string[], flags: CheckFlags) => {
      const result = await runCheck(paths, flags, invocation)
      if (typeof result === 'object') refuse(invocation, result)
      else invocation.exitCode = result
    },
  )
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
      const inspected = inspectFile(
        await invocation.createAnalyzer(workspaceAround({ paths: [path], workingDirectory })),
        path,
        workingDirectory,
        steps,
      )
      if (isProblem(inspected)) return refuse(invocation, inspected, path)
      terminal.print(
        format === 'json' ? scriptAsJson(inspected) : describeScript(inspected, language, painter(terminal)),
      )
    })
}

function addDoctor(program: Command, invocation: Invocation): void {
  const { language, terminal, workingDirectory } = invocation
  program
    .command('doctor')
    .description(inLanguage(help.doctor, language))
    .argument('<file>', inLanguage(help.file, language))
    .option('--error <text>', inLanguage(help.error, language))
    .addOption(languageOption(language))
    .action(async (path: string, { error }: { readonly error?: string }) => {
      const analyzer = await invocation.createAnalyzer(workspaceAround({ paths: [path], workingDirectory }))
      const page = memoryPageOf(analyzer, { path, workingDirectory, error })
      if (isProblem(page)) return refuse(invocation, page, path)
      printPage(page, language, terminal)
    })
}

/** For its help, and for what is no transport: bin/torchlint.js starts the server itself. */
function addServer(program: Command, { language }: Invocation): void {
  program
    .command('server')
    .description(inLanguage(help.server, language))
    .option('--stdio', inLanguage(help.stdio, language))
    .option('--socket <port>', inLanguage(help.socket, language))
    .option('--pipe <name>', inLanguage(help.pipe, language))
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
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError(positive)
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
