/**
 * The API boundary: text in, plain data out. Hosts (language server, command line) see nothing below it but types of
 * plain data. No LSP, no vscode, no I/O: the files that imports lead to are read by a function that the host hands in; it never throws on bad code, and a rule that throws is skipped and named.
 */
import type { Settings } from './config.ts'
import { type MemoryQuestion, type MemoryReport, memoryReport } from './doctor/report.ts'
import { documentation, meanings } from './documentation.ts'
import { pages } from './generated/pages.ts'
import { rules } from './generated/rules.ts'
import { type Hint, type HintKind, hintsOf } from './hints/hint.ts'
import { type Lens, lensesOf } from './hints/lens.ts'
import { type Hover, hoverAt } from './hover.ts'
import { type Finding, lint, type Notice, type Report } from './lint.ts'
import type { Edit, Message, Range, Severity } from './rules/rule.ts'
import { createModel } from './semantic/create.ts'
import type { Model } from './semantic/model.ts'
import { linesAround, statementOf } from './statement.ts'
import { suppressingEdit } from './suppression.ts'
import type { Module } from './syntax/ast.ts'
import { createParser, type Grammar, type Parser, type Source, type TextChange } from './syntax/parser.ts'
import { describe, type ScriptDescription } from './torch/description.ts'
import { knowledge } from './torch/knowledge.ts'
import { concernsTraining } from './torch/vocabulary.ts'
import { createWorkspaceFiles, type FollowedFiles, type Workspace, type WorkspaceFiles } from './workspace.ts'

export type { Settings } from './config.ts'
export { type MemoryLinks, memoryPage } from './doctor/page.ts'
export type { MemoryQuestion, MemoryReport } from './doctor/report.ts'
export type { Hint, HintKind } from './hints/hint.ts'
export type { Lens } from './hints/lens.ts'
export type { Hover } from './hover.ts'
export type { Finding, Fix, Notice, RelatedPlace, Report } from './lint.ts'
export type { Edit, Message, Range, Severity } from './rules/rule.ts'
export type { Grammar, TextChange } from './syntax/parser.ts'
export type {
  LoopDescription,
  OptimizerDescription,
  SchedulerDescription,
  ScriptDescription,
} from './torch/description.ts'
export type { Workspace } from './workspace.ts'

/** Without a workspace, imports are not followed. */
export async function createAnalyzer(grammar: Grammar, workspace?: Workspace): Promise<Analyzer> {
  const parser = await createParser(grammar)
  const files = workspace && createWorkspaceFiles(parser, workspace)
  const open = (text: string, path = '') => openDocument(parser, text, path === '' ? undefined : files, path)
  return {
    parser: parser.name,
    open,
    check(text, path, settings) {
      if (!concernsTraining(text)) return noReport
      const lent =
        path &&
        files?.lend(path, text, module =>
          inPlainData(analyze(text, () => readScript(module, files.importedBy(path, module)), settings)),
        )
      if (lent) return lent
      const document = open(text, path)
      try {
        return inPlainData(document.analyze(settings))
      } finally {
        document.dispose()
      }
    },
    forget: path => files?.forget(path),
  }
}

export interface Analyzer {
  /** What texts are parsed with, and its version. */
  readonly parser: string
  /** A text without a path stands alone. */
  open(text: string, path?: string): Document
  /** What is wrong with a text that nothing else will be asked about. A file that others import is parsed once for all. */
  check(text: string, path: string | undefined, settings: Settings): Report
  /** A file of the workspace has come, gone or changed: it is read again when next needed. */
  forget(path: string): void
}

/** One open text. */
export interface Document {
  readonly text: string
  /** Each change is meant for the text that the one before it left. */
  change(changes: readonly TextChange[]): void
  /** One analysis per version of the text and settings object: asked again, it answers from memory. */
  analyze(settings: Settings): Analysis
  /** Did an analysis of this text look for the file of this path? Then it is forgotten, and the next one will look again. */
  forget(path: string): boolean
  dispose(): void
}

/** Everything about one text. Every offset is in UTF-16 units. */
export interface Analysis {
  /** In source order. */
  readonly findings: readonly Finding[]
  /** What the user should be told about the analysis itself (too large, a rule that failed). */
  readonly notices: readonly Notice[]
  /** Markdown for the symbol or finding at an offset. `images`: pictures as data, else characters take their place. */
  hover(offset: number, images?: boolean): Hover | undefined
  /** What a line comes to, in a few words beside it. In source order. */
  hints(kinds: readonly HintKind[]): readonly Hint[]
  /** The protocol of each training loop in one line above it. */
  lenses(): readonly Lens[]
  /** The comment that asks not to see a finding, or its rule in the whole file; undefined where there is no room for it. */
  suppress(finding: Finding, scope: 'here' | 'file'): Edit | undefined
  /** The lines of the statement at an offset, without its blocks; the line itself where there is none. */
  linesAround(offset: number): Range
  /** The training script as it was understood; `steps`: how many learning rates of each scheduler. */
  inspect(steps?: number): ScriptDescription
  /** Why the memory of the GPU runs out; undefined where the analysis failed. */
  memory(question: MemoryQuestion): MemoryReport | undefined
}

/** What the pages say about a rule id, a qualified name or an argument; undefined if there is nothing. */
export function explain(name: string): Message | undefined {
  return documentation(name, pages)
}

/** The full names that a short one, `AdamW` or `SGD.step`, may stand for. */
export function meaningsOf(name: string): readonly string[] {
  return meanings(name, pages)
}

/** Everything that has a page: rule ids and qualified names. */
export function explainable(): readonly string[] {
  return [...pages.keys()]
}

/** Every rule, in the order of the catalogue. */
export function ruleDescriptions(): readonly RuleDescription[] {
  return [...rules].map(([id, { severity }]) => {
    const { title, summary } = pages.get(id) ?? { title: { en: id, zh: id }, summary: { en: id, zh: id } }
    return { id, severity, title, summary }
  })
}

export interface RuleDescription {
  readonly id: string
  readonly severity: Severity
  /** The problem in a few words. */
  readonly title: Message
  /** The problem in a paragraph. */
  readonly summary: Message
}

/** In characters. A training script has a few thousand lines; a list of a million numbers would take the parser seconds. */
const maximumSize = 2 ** 20

function openDocument(parser: Parser, initial: string, files: WorkspaceFiles | undefined, path: string): Document {
  let text = initial
  let source: Source | undefined
  let script: Script | undefined
  let analyses = new WeakMap<Settings, Analysis>()

  /** Edits may come faster than anybody asks what they mean: the text is parsed when it is needed. */
  const parsed = (): Source => {
    const known = source
    // A source that fails is not used again.
    source = undefined
    const { length } = known?.module.text ?? ''
    if (known && known.module.text !== text) known.change([{ start: 0, end: length, text }])
    source = known ?? parser.open(text)
    return source
  }
  const read = (): Script => {
    if (script) return script
    const { module } = parsed()
    script = readScript(module, files?.importedBy(path, module))
    return script
  }
  const forget = (): void => {
    script = undefined
    analyses = new WeakMap()
  }
  return {
    get text() {
      return text
    },
    change(changes) {
      for (const { start, end, text: inserted } of changes) text = text.slice(0, start) + inserted + text.slice(end)
      forget()
    },
    forget(other) {
      const isAffected = script?.imports?.asked.has(other) ?? false
      if (isAffected) forget()
      return isAffected
    },
    analyze(settings) {
      const known = analyses.get(settings)
      if (known) return known
      const analysis = text.length <= maximumSize ? analyze(text, read, settings) : nothing([tooLarge(text.length)])
      analyses.set(settings, analysis)
      return analysis
    },
    dispose() {
      source?.dispose()
      source = undefined
    },
  }
}

/** The model of a text, and the files that its imports lead to. */
interface Script {
  readonly model: Model
  readonly imports: FollowedFiles | undefined
}

function readScript(module: Module, imports: FollowedFiles | undefined): Script {
  return { model: createModel(module, knowledge, imports), imports }
}

function analyze(text: string, read: () => Script, settings: Settings): Analysis {
  const isTraining = concernsTraining(text)
  let report = noReport
  try {
    if (isTraining) {
      const { model, imports } = read()
      report = lint(model, rules, settings, module => imports?.pathOf(module))
    }
  } catch (error) {
    return nothing([gaveUp(error)])
  }
  const { findings } = report
  return {
    ...report,
    hover: (offset, images = false) => attempt(() => hoverAt(read().model, findings, pages, offset, images)),
    hints: kinds => (isTraining && attempt(() => hintsOf(read().model, kinds))) || [],
    lenses: () => (isTraining && attempt(() => lensesOf(read().model))) || [],
    suppress: (finding, scope) => attempt(() => suppression(read().model, finding, scope)),
    linesAround: offset => linesAround(read().model, offset),
    inspect: steps => attempt(() => describe(read().model, steps)) ?? emptyScript,
    memory: question =>
      attempt(() => {
        const { model, imports } = read()
        return memoryReport(model, findings, question, settings.torchVersion, module => imports?.pathOf(module))
      }),
  }
}

const noReport: Report = { findings: [], notices: [] }

function inPlainData({ findings, notices }: Analysis): Report {
  return { findings, notices }
}

function suppression(model: Model, finding: Finding, scope: 'here' | 'file'): Edit | undefined {
  const place = scope === 'file' ? scope : { at: finding, statement: statementOf(model, finding.start) }
  return suppressingEdit(model, finding.rule, place)
}

function nothing(notices: readonly Notice[]): Analysis {
  return {
    findings: [],
    notices,
    hover: () => undefined,
    hints: () => [],
    lenses: () => [],
    suppress: () => undefined,
    linesAround: offset => ({ start: offset, end: offset }),
    inspect: () => emptyScript,
    memory: () => undefined,
  }
}

const emptyScript: ScriptDescription = { models: [], optimizers: [], scalers: [], schedulers: [], loops: [] }

function attempt<Result>(question: () => Result): Result | undefined {
  try {
    return question()
  } catch {
    return undefined
  }
}

function tooLarge(size: number): Notice {
  const [actual, maximum] = [size, maximumSize].map(characters => characters.toLocaleString('en'))
  return {
    kind: 'too-large',
    message: {
      en: `Not analysed: the file has ${actual} characters, more than the ${maximum} that TorchLint reads`,
      zh: `未分析：该文件有 ${actual} 个字符，超过了 TorchLint 读取的上限 ${maximum} 个`,
    },
  }
}

function gaveUp(error: unknown): Notice {
  const reason = error instanceof Error ? error.message : String(error)
  return {
    kind: 'analysis-gave-up',
    message: { en: `The analysis of this file failed: ${reason}`, zh: `分析此文件失败：${reason}` },
  }
}
