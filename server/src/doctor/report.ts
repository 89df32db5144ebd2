/**
 * Why the memory of the GPU runs out: what a script does with it, what it could use to need less, and what the error
 * says. Plain data in both languages; `page.ts` writes it.
 *
 * Invariant of the layer: it promises nothing that the script does not show. A change is offered as edits only where
 * they are complete.
 */
import type { Finding } from '../lint.ts'
import type { Edit, Message } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import { trainingStep } from '../torch/trainingStep.ts'
import { type ChangedLines, changedLines } from './difference.ts'
import { diagnosis, type ExplainedSize, explainedSizes } from './explanation.ts'
import { type OptimizerCost, optimizerCosts, usedAlready } from './inUse.ts'
import { type Moment, momentOf } from './moment.ts'
import { type OutOfMemory, readOutOfMemory } from './outOfMemory.ts'
import type { Case, Suggestion } from './suggestion.ts'
import { accumulation } from './suggestions/accumulation.ts'
import { checkpointing } from './suggestions/checkpointing.ts'
import { streamedEvaluation } from './suggestions/evaluation.ts'
import { gradientsToNone } from './suggestions/gradientsToNone.ts'
import { mixedPrecision } from './suggestions/mixedPrecision.ts'
import { fusedOptimizers, smallerState } from './suggestions/optimizerState.ts'
import { secondGpu } from './suggestions/secondGpu.ts'

export interface MemoryReport {
  readonly file: string
  /** Undefined without a text; `unknown` if the text is about something else. */
  readonly error: ErrorReport | 'unknown' | undefined
  /** Does the file train a model? */
  readonly trains: boolean
  /** Those that cost memory, the worst first. */
  readonly findings: readonly MemoryFinding[]
  /** Lines count from 1. */
  readonly used: readonly { readonly line: number; readonly text: Message }[]
  readonly optimizers: readonly OptimizerCost[]
  readonly suggestions: readonly Proposal[]
}

export interface ErrorReport {
  readonly memory: OutOfMemory
  readonly sizes: readonly ExplainedSize[]
  readonly diagnosis: readonly Message[]
  readonly moment: Moment | undefined
}

export interface MemoryFinding {
  readonly finding: Finding
  /** Counted from 1. */
  readonly line: number
  readonly text: string
  readonly difference: readonly ChangedLines[] | undefined
}

/** A suggestion with its edits, and what they change to look at. */
export interface Proposal extends Suggestion {
  readonly edits?: readonly Edit[]
  readonly difference: readonly ChangedLines[] | undefined
}

export interface MemoryQuestion {
  /** What the user saw. */
  readonly error?: string
  /** The name of the script's file: `train.py`. */
  readonly file: string
  /** The line of the script at which the cell of a notebook begins that was run as `In [5]`. */
  readonly cellStart?: (execution: number) => number | undefined
}

export function memoryReport(
  model: Model,
  findings: readonly Finding[],
  question: MemoryQuestion,
  torchVersion: string | undefined,
): MemoryReport {
  const { text } = model
  const starts = lineStarts(text)
  const line = (offset: number) => lineAt(starts, offset) + 1
  const found = findings
    .filter(({ rule }) => costs(rule) < Number.POSITIVE_INFINITY)
    .sort((a, b) => costs(a.rule) - costs(b.rule))
  const asked: Case = { model, torchVersion, file: question.file }
  const suggestions = treatments.flatMap(treatment => treatment(asked) ?? [])
  return {
    file: question.file,
    error: errorReport(model, question),
    trains: trainingStep(model) !== undefined,
    findings: found.map(finding => ({
      finding,
      line: line(finding.start),
      text: text.slice(finding.start, finding.end).replace(/\s+/g, ' '),
      difference: finding.fix && changedLines(text, finding.fix.edits),
    })),
    used: usedAlready(model).map(({ at, text: message }) => ({ line: line(at.start), text: message })),
    optimizers: optimizerCosts(model),
    suggestions: suggestions.map(suggestion => ({
      ...suggestion,
      difference: suggestion.edits && changedLines(text, suggestion.edits),
    })),
  }
}

/** What saves most for least comes first. */
const treatments: readonly ((asked: Case) => Suggestion | undefined)[] = [
  mixedPrecision,
  accumulation,
  streamedEvaluation,
  checkpointing,
  gradientsToNone,
  secondGpu,
  fusedOptimizers,
  smallerState,
]

/** Leaks before what is used up once; what only happens at the same places last. */
function costs(rule: string): number {
  const rank = order.findIndex(pattern => pattern.test(rule))
  return rank < 0 ? Number.POSITIVE_INFINITY : rank
}

const order: readonly RegExp[] = [
  /^memory\/(?:loss|outputs)-keep/,
  /^memory\/(?:eval-without-no-grad|no-grad-not-entered)$/,
  /^loop\/needless-retain-graph$/,
  /^memory\//,
  /^loop\/optimizer-in-loop$/,
  /^mode\//,
]

function errorReport(model: Model, question: MemoryQuestion): MemoryReport['error'] {
  const { error } = question
  if (error === undefined || error.trim() === '') return undefined
  const memory = readOutOfMemory(error)
  if (!memory) return 'unknown'
  return {
    memory,
    sizes: explainedSizes(memory),
    diagnosis: diagnosis(memory),
    moment: momentOf(model, memory, question),
  }
}
