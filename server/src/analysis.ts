/**
 * The API boundary: text in, plain data out. Hosts (language server, command line) see nothing below it but types of
 * plain data. No LSP, no vscode, no I/O; it never throws on bad code, and a rule that throws is skipped and named.
 */
import type { Edit, Message, Range, Severity } from './rules/rule.ts'
import type { Grammar, TextChange } from './syntax/parser.ts'

export type { Edit, Message, Range } from './rules/rule.ts'
export type { Grammar, TextChange } from './syntax/parser.ts'

/** Everything about one text. Every offset is in UTF-16 units. */
export interface Analysis {
  /** In source order. */
  readonly findings: readonly Finding[]
  /** What the user should be told about the analysis itself (too large, a rule that failed). */
  readonly notices: readonly Notice[]
  /** Markdown for the symbol or finding at an offset. */
  hover(offset: number): Hover | undefined
  /** The training script as it was understood. */
  inspect(): ScriptDescription
}

export interface Finding extends Range {
  /** `family/problem`. */
  readonly rule: string
  readonly severity: Exclude<Severity, 'off'>
  readonly message: Message
  readonly related: readonly (Range & { readonly message: Message })[]
  readonly fix: Fix | undefined
  readonly tags: readonly ('deprecated' | 'unnecessary')[]
}

export interface Fix {
  readonly title: Message
  /** May run unattended. */
  readonly safe: boolean
  /** In source order, without overlap. */
  readonly edits: readonly Edit[]
}

export interface Notice {
  readonly kind: 'too-large' | 'rule-failed' | 'analysis-gave-up'
  readonly message: Message
}

export interface Hover extends Range {
  readonly markdown: Message
}

/** `torchlint inspect --format json` prints this. Lines count from 1. */
export interface ScriptDescription {
  readonly models: readonly { readonly name: string; readonly line: number; readonly class: string | null }[]
  readonly optimizers: readonly OptimizerDescription[]
  readonly scalers: readonly { readonly name: string; readonly line: number | null }[]
  readonly schedulers: readonly { readonly name: string; readonly line: number; readonly expression: string; readonly optimizer: string | null }[]
  readonly loops: readonly LoopDescription[]
}

export interface OptimizerDescription {
  readonly name: string
  readonly line: number
  readonly class: string
  readonly groups: readonly {
    /** The parameters' expression as written. */
    readonly parameters: string
    readonly lr: number | string | null
    readonly weightDecay: number | string | null
  }[]
}

export interface LoopDescription {
  readonly line: number
  readonly level: 'epoch' | 'batch' | 'other'
  readonly mode: 'training' | 'evaluation' | 'unknown'
  /** In the order in which they run. */
  readonly events: readonly { readonly event: string; readonly line: number; readonly text: string }[]
}

export interface Settings {
  /** Rule ids or patterns (`amp/*`); undefined: every rule that is not off by default. */
  readonly select?: readonly string[]
  readonly ignore?: readonly string[]
  readonly torchVersion?: string
}

/** One open text. */
export interface Document {
  readonly text: string
  change(changes: readonly TextChange[]): void
  /** One analysis per version of the text and settings object: asked again, it answers from memory. */
  analyze(settings: Settings): Analysis
  dispose(): void
}

export interface Analyzer {
  open(text: string): Document
}

/** A page (of a rule id or a qualified name) in both languages; undefined if there is none. */
export declare function explain(name: string): Message | undefined
/** Every rule, in the order of the catalogue. */
export declare function ruleDescriptions(): readonly RuleDescription[]

export interface RuleDescription {
  readonly id: string
  readonly severity: Severity
  readonly summary: Message
}

export declare function createAnalyzer(grammar: Grammar): Promise<Analyzer>
