/** Checks one file: plain data in and out, so that a request and its answers may cross threads. */
import { readFileSync } from 'node:fs'
import type { Analyzer, Finding, Notice, Report, Settings, Workspace } from '../analysis.ts'
import { fixAll } from '../fix.ts'
import { readNotebook } from '../notebook/file.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import { decode, type SourceText } from './encoding.ts'
import { checkNotebook } from './notebook.ts'
import { isProblem, type Problem, problem, problemOf } from './problem.ts'
import { replaceFile } from './replaceFile.ts'
import { withSlashes, workspaceAround } from './workspace.ts'

export interface CheckRequest {
  /** What the user named: the project of a file ends there at the latest. */
  readonly paths: readonly string[]
  /** What the user named are projects, as an editor's folders are. */
  readonly areProjects?: true
  readonly workingDirectory: string
  readonly fixes: Fixes
  /** Whether the fixes go into the files, or are only told. */
  readonly isWriting: boolean
}

/** Which fixes are made. What is not `safe` only runs where somebody asked for it. */
export type Fixes = 'none' | 'safe' | 'all'

export interface Checked {
  /** The file, or the cells of a notebook that there is something to say about. */
  readonly parts: readonly CheckedPart[]
  /** What the whole file is, or would be, after the fixes, if any were made. */
  readonly repair?: { readonly before: string; readonly after: string }
  readonly notices: readonly Notice[]
  /** Why the fixes are not in the file. */
  readonly unwritten?: Problem
}

export interface CheckedPart {
  /** Of a notebook: the cell that the text is of. Counts all cells from 1. */
  readonly cell?: number
  /** The text that the findings are about: after the fixes, if any were made. */
  readonly text: string
  readonly findings: readonly Finding[]
  /** What was found and repaired; `line` from 1, as it was when its turn came. */
  readonly fixed: readonly FixedFinding[]
}

export interface FixedFinding extends Finding {
  readonly line: number
}

export interface FileToCheck {
  readonly path: string
  readonly settings: Settings
  /** The content, where it is not the file's. */
  readonly bytes?: Uint8Array
}

export type Checker = (file: FileToCheck) => Checked | Problem

/** What a host gives to every thread that checks. */
export interface CheckerHost {
  createAnalyzer(workspace: Workspace): Promise<Analyzer>
}

/** Where the repaired file goes. */
export type Write = (path: string, content: Uint8Array) => void

export async function createChecker(
  request: CheckRequest,
  host: CheckerHost,
  write: Write = request.isWriting ? replaceFile : () => {},
): Promise<Checker> {
  const analyzer = await host.createAnalyzer(workspaceAround(request))
  return file => {
    try {
      return checkFile(analyzer, file, request.fixes, write)
    } catch (error) {
      return problemOf(error)
    }
  }
}

function checkFile(
  analyzer: Analyzer,
  { path, settings, bytes = readFileSync(path) }: FileToCheck,
  fixes: Fixes,
  write: Write,
): Checked | Problem {
  const source = decode(bytes)
  if (isProblem(source)) return source
  const analyzeText = (text: string) => analyzer.check(text, withSlashes(path), settings)
  const read = path.endsWith('.ipynb') ? readCells : readScript
  const found = read(source.text, path, analyzeText)
  const isWanted = ({ fix }: Finding) => fix !== undefined && (fix.safe ? fixes !== 'none' : fixes === 'all')
  if (isProblem(found) || !found.parts.some(({ findings }) => findings.some(isWanted))) return found
  const repaired = read(source.text, path, analyzeText, isWanted)
  if (isProblem(repaired) || repaired.text === source.text) return repaired
  const unwritten = put(path, source, repaired.text, write)
  analyzer.forget(withSlashes(path))
  return unwritten ? { ...found, unwritten } : { ...repaired, repair: { before: source.text, after: repaired.text } }
}

type AnalyzeText = (text: string) => Report
type IsWanted = (finding: Finding) => boolean

interface CheckedText extends Checked {
  /** What the file is to become. */
  readonly text: string
}

/** Without `isWanted`, nothing is fixed. */
function readScript(script: string, _path: string, analyzeText: AnalyzeText, isWanted?: IsWanted): CheckedText {
  const { text, fixed } = isWanted
    ? fixAll(script, text => withLines(text, analyzeText(text).findings), isWanted)
    : { text: script, fixed: [] }
  const { findings, notices } = analyzeText(text)
  return { parts: [{ text, findings, fixed }], notices, text }
}

function readCells(file: string, path: string, analyzeText: AnalyzeText, isWanted?: IsWanted): CheckedText | Problem {
  const notebook = readNotebook(file)
  if (isProblem(notebook)) return notebook
  const { cells, notices, sources } = checkNotebook(notebook, withSlashes(path), analyzeText, isWanted)
  const parts = cells.length > 0 ? cells : [{ text: '', findings: [], fixed: [] }]
  return { parts, notices, text: notebook.withSources(sources) }
}

function withLines(text: string, findings: readonly Finding[]): readonly FixedFinding[] {
  const starts = lineStarts(text)
  return findings.map(finding => ({ ...finding, line: lineAt(starts, finding.start) + 1 }))
}

function put(path: string, source: SourceText, text: string, write: Write): Problem | undefined {
  const content = source.encode(text)
  if (isProblem(content)) return content
  try {
    write(path, content)
  } catch (error) {
    const { en, zh } = problemOf(error).problem
    return problem(`the fixes were not written: ${en}`, `修复未能写入：${zh}`)
  }
  return undefined
}
