/**
 * The check of the whole workspace: a command, whose results stay true. What changes on the disk or in the settings is
 * checked again, until the results are cleared. One run at a time, and never on the thread that answers the editor.
 */
import { type CancellationToken, ErrorCodes, ResponseError, type WorkDoneProgressReporter } from 'vscode-languageserver'
import type { Checked, FileToCheck } from '../checking/checker.ts'
import type { Discovered, IsExcluded } from '../checking/discovery.ts'
import { isProblem, type Problem } from '../checking/problem.ts'
import { inLanguage, type Language } from '../language.ts'
import { closedResults } from './closedResults.ts'
import type { Session } from './session.ts'
import { innermost, type ProjectHost, pathOf, pathOfFolder } from './targets.ts'
import type { Watching } from './watching.ts'
import { type Run, sayResult, startRun, type WorkspaceCheck } from './workspaceProgress.ts'

/** How a host that has files finds and checks them. Paths have slashes. */
export interface FileChecks {
  discover(folders: readonly string[], isExcluded: IsExcluded): AsyncIterable<Discovered>
  /** Would this file be found in the folder? */
  isDiscovered(path: string, folder: string, isExcluded: IsExcluded): boolean
  /** Answers in the order of the files; who does not want the rest stops asking. */
  check(files: readonly FileToCheck[], folders: readonly string[]): AsyncIterable<Checked | Problem>
}

export const workspaceCommands = {
  check: 'torchlint.checkWorkspace',
  clear: 'torchlint.clearWorkspaceResults',
} as const

export function answerWorkspaceChecks(
  session: Session,
  disk: ProjectHost,
  watching: Watching,
  checks: FileChecks | undefined,
): void {
  const { connection, configuration, targets, log } = session
  const folders = () => configuration.folders().flatMap(uri => pathOfFolder(disk, uri) ?? [])
  const changed = new Set<string>()
  /** Counts the changes of settings. While they are typed, only the last one is worth a run. */
  let settings = 0
  let knownSettings = 0
  let isWaiting = false
  /** Everything in the folders has been checked: then what comes later belongs to it. */
  let isComplete = false
  /** Who asks for a new check, or to clear the results, ends the runs before. */
  let era = 0
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const result = last.then(task)
    last = result.catch(error => log.error(error))
    return result
  }

  const renew = () => {
    if (isWaiting) return
    isWaiting = true
    inTurn(renewResults)
  }
  const results = closedResults(session, disk, path => noteChanges([path]))
  const isExcluded = (path: string) => targets.ofPath(path).isExcluded
  const dropAllBut = (kept: ReadonlySet<string>) => {
    for (const path of results.paths()) if (!kept.has(path)) results.drop(path)
  }

  const discover = async (isCancelled: () => boolean): Promise<readonly string[]> => {
    const language = await configuration.language()
    const paths: string[] = []
    for await (const found of checks?.discover(folders(), isExcluded) ?? []) {
      if (isCancelled()) break
      if (isProblem(found)) complain(found.path, found, language)
      else paths.push(found.path)
    }
    return paths
  }
  const complain = (path: string, { problem }: Problem, language: Language) =>
    log.warn(`${path}: ${inLanguage(problem, language)}`)

  const check = async (paths: readonly string[], run: Run): Promise<WorkspaceCheck> => {
    const language = await configuration.language()
    const [open, closed] = [paths.filter(results.isOpen), paths.filter(path => !results.isOpen(path))]
    let problems = open.reduce((sum, path) => sum + results.put(path, language), 0)
    let checked = open.length
    const files = closed.map(path => ({ path, settings: targets.ofPath(path).settings }))
    run.tell(checked, paths.length, problems)
    for await (const answer of checks?.check(files, folders()) ?? []) {
      if (run.isCancelled()) break
      const path = closed[checked - open.length] ?? ''
      if (isProblem(answer)) complain(path, answer, language)
      problems += results.put(path, language, isProblem(answer) ? undefined : answer)
      run.tell(++checked, paths.length, problems)
    }
    return { files: paths.length, checked, problems, isCancelled: checked < paths.length }
  }

  const checkAll = async (own: number, token: CancellationToken, given?: WorkDoneProgressReporter) => {
    const language = await configuration.language()
    const { run, end } = await startRun(session, language, () => own !== era || token.isCancellationRequested, given)
    try {
      const paths = await discover(run.isCancelled)
      if (run.isCancelled()) return { files: paths.length, checked: 0, problems: 0, isCancelled: true }
      dropAllBut(new Set(paths))
      const result = await check(paths, run)
      isComplete = !result.isCancelled
      return result
    } finally {
      end()
    }
  }

  const renewResults = async (): Promise<void> => {
    isWaiting = false
    const own = era
    const paths = [...changed].filter(path => results.has(path) || isComplete)
    const wanted = settings
    const isWide = wanted !== knownSettings
    changed.clear()
    knownSettings = wanted
    const language = await configuration.language()
    if (!isWide) {
      if (paths.length > 0) await check(paths, { isCancelled: () => own !== era, tell: () => {} })
      return
    }
    const isOver = () => own !== era || wanted !== settings
    const all = isComplete ? await discover(isOver) : results.paths().filter(path => !isExcluded(path))
    const keepForNext = () => {
      if (isOver()) for (const path of paths) changed.add(path)
    }
    if (isOver()) return keepForNext()
    dropAllBut(new Set(all))
    const outdated = all.filter(path => paths.includes(path) || !results.isCurrent(path, language))
    if (outdated.length === 0) return
    const { run, end } = await startRun(session, language, isOver)
    await check(outdated, run).finally(end)
    keepForNext()
  }

  const noteChanges = (paths: readonly string[]) => {
    for (const path of paths) {
      const folder = innermost(path, folders())
      if (folder === undefined) continue
      if (checks?.isDiscovered(path, folder, isExcluded)) changed.add(path)
      else results.drop(path)
    }
    renew()
  }
  const noteSettings = () => {
    settings++
    renew()
  }
  const isInUse = () => isComplete || results.paths().length > 0
  watching.watch(['**/*.ipynb', '**/.gitignore'], uris => {
    if (!isInUse()) return
    if (uris.some(uri => uri.endsWith('/.gitignore'))) noteSettings()
    noteChanges(uris.filter(uri => /\.(?:py|ipynb)$/.test(uri)).flatMap(uri => pathOf(disk, uri) ?? []))
  })
  targets.onDidChange(() => {
    if (isInUse()) noteSettings()
  })

  connection.onExecuteCommand(async ({ command }, token, progress) => {
    if (command !== workspaceCommands.check && command !== workspaceCommands.clear)
      return new ResponseError(ErrorCodes.InvalidParams, `no command ${command}`)
    const own = ++era
    isComplete = false
    if (command === workspaceCommands.clear) return inTurn(async () => dropAllBut(new Set())).then(() => null)
    const result = await inTurn(() => checkAll(own, token, progress))
    if (own === era) await sayResult(session, result, folders())
    return result
  })
}
