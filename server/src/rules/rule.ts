/** What a rule is: a pure function from the model of a script to findings, with its texts in both languages. */
import type { Model } from '../semantic/model.ts'

/** A range of the text, in UTF-16 offsets. Every syntax node is one. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** Replaces the range by `text`. An insertion has an empty range. */
export interface Edit extends Range {
  readonly text: string
}

export type Severity = 'error' | 'warning' | 'info' | 'off'
export type Category = 'correctness' | 'performance' | 'memory' | 'deprecation' | 'practice'

/** A text in both languages, with placeholders in braces: `{optimizer}`. */
export interface Message {
  readonly en: string
  readonly zh: string
}

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never

/** Forces both languages to name the same placeholders: a translation that loses `{optimizer}` does not compile. */
type SamePlaceholders<Messages extends Record<string, Message>> = {
  readonly [Key in keyof Messages]: [Placeholders<Messages[Key]['en']>] extends [Placeholders<Messages[Key]['zh']>]
    ? [Placeholders<Messages[Key]['zh']>] extends [Placeholders<Messages[Key]['en']>]
      ? Messages[Key]
      : { readonly zh: 'names a placeholder that the English text does not have' }
    : { readonly zh: 'lacks a placeholder that the English text has' }
}

/** A message of the rule with the values of its placeholders: `{ message: 'clipsScaled', clip: '…', scaler: '…' }`. */
export type Text<Messages extends Record<string, Message>> = {
  [Key in keyof Messages & string]: { readonly message: Key } & {
    readonly [Name in Placeholders<Messages[Key]['en']>]: string
  }
}[keyof Messages & string]

export type Found<Messages extends Record<string, Message>> = Text<Messages> & {
  /** Where the user must act. */
  readonly at: Range
  /** The other places, in the order in which they run. */
  readonly related?: readonly (Text<Messages> & { readonly at: Range })[]
  /** Built from the finding. `safe`: keeps the meaning or only repairs code that cannot work, so it may run unattended. */
  readonly fix?: (Text<Messages> & { readonly safe: boolean; readonly edits: readonly Edit[] }) | undefined
  /** Where it differs from the rule's own severity. */
  readonly severity?: Severity
}

/** What a rule may know beside the script. */
export interface Environment {
  /** The PyTorch version the script is meant for, `2.4`; undefined means the current stable release. */
  readonly torchVersion: string | undefined
}

export interface Rule<Messages extends Record<string, Message> = Record<string, Message>> {
  readonly category: Category
  readonly severity: Severity
  /** The TorchLint version that brought the rule. */
  readonly since: string
  readonly tags?: readonly ('deprecated' | 'unnecessary')[]
  readonly messages: Messages
  /** Pure; called once per version of a text. What it cannot prove it does not yield. */
  check(model: Model, environment: Environment): Iterable<Found<Messages>>
}

/** Declares a rule; the types hold its messages, their placeholders and their translations together. */
export function defineRule<const Messages extends Record<string, Message>>(
  rule: Omit<Rule<Messages>, 'messages'> & { readonly messages: Messages & SamePlaceholders<Messages> },
): Rule {
  return rule
}
