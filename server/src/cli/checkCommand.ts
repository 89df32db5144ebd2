/** `torchlint check` as a user calls it: its options, what they mean together, and where the files come from. */
import { resolve } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { type Command, Option } from 'commander'
import type { Message } from '../analysis.ts'
import { type CheckerHost, type CheckRequest, createChecker, type FileToCheck } from '../checking/checker.ts'
import { type Discovered, discoverAll } from '../checking/discovery.ts'
import { isProblem, type Problem, problem } from '../checking/problem.ts'
import { checkInThreads, isWorthAThread, usefulJobs } from '../checking/threads.ts'
import { inLanguage, type Language } from '../language.ts'
import type { ProjectFiles } from '../target/files.ts'
import { type CheckAll, type CheckOptions, check, type ExitCode } from './check.ts'
import { type Configuration, readConfiguration } from './configuration.ts'
import { knownFindings } from './knownFindings.ts'
import { createOutput, type Format, formats } from './outputs.ts'
import { checkPatterns } from './selection.ts'
import { shownSettings } from './showSettings.ts'
import { painter, type Terminal } from './terminal.ts'
import { checkVersion } from './torchVersion.ts'
import { help } from './usage.ts'

/** What the command needs of its host. */
export interface CheckSurroundings extends CheckerHost {
  readonly files: ProjectFiles
  readonly terminal: Terminal
  readonly workingDirectory: string
  readonly version: string
  readonly language: Language
  /** All of standard input. */
  readInput(): Uint8Array
  /** Starts a thread that answers a request; without, everything is checked in this one. */
  startThread?(request: CheckRequest): Worker
  /** How many threads this machine runs at once. */
  readonly parallelism: number
}

export interface CheckFlags {
  readonly format: Format
  readonly torchVersion?: string
  readonly showSettings?: true
  readonly fix?: true
  readonly unsafe?: true
  readonly diff?: true
  readonly statistics?: true
  readonly baseline?: string
  readonly updateBaseline?: true
  readonly stdinFilename?: string
  readonly jobs?: number
  readonly forceExclude?: true
  readonly verbose?: true
  readonly select?: readonly string[]
  readonly ignore?: readonly string[]
}

export function addCheckOptions(command: Command, language: Language, split: Split, positiveInteger: Parse): Command {
  const say = (message: Message) => inLanguage(message, language)
  return command
    .addOption(new Option('--format <format>', say(help.format)).choices(formats).default('text'))
    .option('--fix', say(help.fix))
    .addOption(new Option('--diff', say(help.diff)).conflicts(['fix', 'format', 'statistics', 'baseline']))
    .option('--unsafe', say(help.unsafe))
    .option('--select <rules>', say(help.select), split)
    .option('--ignore <rules>', say(help.ignore), split)
    .option('--statistics', say(help.statistics))
    .option('--baseline <file>', say(help.baseline))
    .option('--update-baseline', say(help.updateBaseline))
    .option('--stdin-filename <file>', say(help.stdinFilename))
    .addOption(new Option('--jobs <number>', say(help.jobs)).argParser(positiveInteger))
    .option('--force-exclude', say(help.forceExclude))
    .option('--torch-version <version>', say(help.torchVersion))
    .option('--show-settings', say(help.showSettings))
    .option('--verbose', say(help.verbose))
}

type Split = (list: string, before?: readonly string[]) => readonly string[]
type Parse = (text: string) => number

export async function runCheck(
  paths: readonly string[],
  flags: CheckFlags,
  host: CheckSurroundings,
): Promise<ExitCode | Problem> {
  const mistake = mistakeIn(paths, flags)
  if (mistake) return mistake
  const { workingDirectory, terminal, language } = host
  const configuration = configurationOf(flags, host)
  if (flags.showSettings) return showSettings(paths, configuration, host)
  const known = knownFindings(flags, host)
  if (known && isProblem(known)) return known
  const isInput = paths.includes('-')
  const isExcluded = (path: string): boolean => configuration.of(path).isExcluded
  const wanted = (found: readonly Discovered[]) =>
    flags.forceExclude ? found.filter(({ path }) => !isExcluded(path)) : found
  const { fix = false, diff = false, unsafe = false } = flags
  const fixes = fix || diff ? (unsafe ? 'all' : 'safe') : 'none'
  const request: CheckRequest = { paths, workingDirectory, fixes, isWriting: fix }
  // The repaired text of standard input goes to standard output, and everything else out of its way.
  const reports = isInput && fix ? { ...terminal, print: terminal.complain } : terminal
  const output = createOutput(reports, {
    format: flags.format,
    silent: flags.updateBaseline ?? false,
    diff,
    statistics: flags.statistics ?? false,
    language,
    version: host.version,
    workingDirectory,
  })
  const options: CheckOptions = {
    workingDirectory,
    configuration,
    language,
    verbose: flags.verbose ?? false,
    ...(known && { selected: known.selected }),
    failsOn: diff ? 'repairs' : 'findings',
  }
  const exitCode = isInput
    ? await checkInput(flags, request, host, (found, checkAll) =>
        check(wanted(found), checkAll, options, output, reports),
      )
    : await check(
        wanted(await discoverAll(paths, workingDirectory, isExcluded)),
        checkerOfAll(request, flags, host),
        options,
        output,
        reports,
      )
  return known?.end(exitCode) ?? exitCode
}

function configurationOf(flags: CheckFlags, host: CheckSurroundings): Configuration {
  const { select, ignore, torchVersion } = flags
  const chosen = { ...(select && { select }), ...(ignore && { ignore }), ...(torchVersion && { torchVersion }) }
  return readConfiguration(chosen, host.files, host.workingDirectory, (place, message) =>
    host.terminal.complain(`${place}: ${inLanguage(message, host.language)}\n`),
  )
}

function showSettings(paths: readonly string[], configuration: Configuration, host: CheckSurroundings): ExitCode {
  const { language, terminal, workingDirectory } = host
  for (const path of paths) {
    const found = configuration.of(resolve(workingDirectory, path))
    terminal.print(shownSettings(path, found, workingDirectory, language, painter(terminal)))
  }
  return configuration.hasMistakes() ? 2 : 0
}

/** What makes no sense together. */
function mistakeIn(paths: readonly string[], flags: CheckFlags): Problem | undefined {
  if (flags.unsafe && !flags.fix && !flags.diff)
    return problem('--unsafe goes with --fix or --diff', '--unsafe 须与 --fix 或 --diff 一起使用')
  if (flags.updateBaseline && flags.baseline === undefined)
    return problem('--update-baseline goes with --baseline FILE', '--update-baseline 须与 --baseline FILE 一起使用')
  if (flags.stdinFilename !== undefined && !paths.includes('-'))
    return problem('--stdin-filename goes with the path -', '--stdin-filename 须与路径 - 一起使用')
  if (paths.includes('-') && paths.length > 1)
    return problem('standard input is checked alone', '检查标准输入时不能再给其他路径')
  if (flags.statistics && !['text', 'json'].includes(flags.format))
    return problem('--statistics is printed as text or json', '--statistics 只支持 text 和 json 格式')
  return checkPatterns([...(flags.select ?? []), ...(flags.ignore ?? [])]) ?? checkVersion(flags.torchVersion ?? 'auto')
}

/**
 * Files that are written are checked one after the other: what one imports is then what the one before it became. Many are
 * checked in a thread of their own even so, for the memory that a thread takes has a bound.
 */
function checkerOfAll(request: CheckRequest, flags: CheckFlags, host: CheckSurroundings): CheckAll {
  const { startThread } = host
  const wanted = request.isWriting ? 1 : (flags.jobs ?? host.parallelism)
  return files => {
    return startThread && isWorthAThread(files.length)
      ? checkInThreads(files, usefulJobs(wanted, files.length), () => startThread(request))
      : checkHere(files, request, host)
  }
}

async function* checkHere(
  files: readonly FileToCheck[],
  request: CheckRequest,
  host: CheckerHost,
): ReturnType<CheckAll> {
  if (files.length === 0) return
  const checker = await createChecker(request, host)
  for (const file of files) yield checker(file)
}

type Run = (found: readonly { readonly path: string }[], checkAll: CheckAll) => Promise<ExitCode>

async function checkInput(
  flags: CheckFlags,
  request: CheckRequest,
  host: CheckSurroundings,
  run: Run,
): Promise<ExitCode> {
  const path = resolve(host.workingDirectory, flags.stdinFilename ?? '<stdin>')
  const bytes = host.readInput()
  let content = bytes
  const checker = await createChecker(request, host, (_, repaired) => {
    content = repaired
  })
  const exitCode = await run([{ path }], async function* (files) {
    for (const file of files) yield checker({ ...file, bytes })
  })
  if (flags.fix) host.terminal.print(content)
  return exitCode
}
