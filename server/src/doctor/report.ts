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
import type * as ast from '../syntax/ast.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import { trainingStep } from '../torch/trainingStep.ts'
import { type ChangedLines, changedLines } from './difference.ts'
import { diagnosis, type ExplainedSize, explainedSizes } from './explanation.ts'
import { type OptimizerCost, optimizerCosts, usedAlready } from './inUse.ts'
import { type Moment, momentOf } from './moment.ts'
import { type MemoryOption, memoryOptions } from './options.ts'
import { type OutOfMemory, readOutOfMemory } from './outOfMemory.ts'
import type { Case, Suggestion } from './suggestion.ts'
import { accumulation } from './suggestions/accumulation.ts'
import { checkpointing } from './suggestions/checkpointing.ts'
import { streamedEvaluation } from './suggestions/evaluation.ts'
import { gradientsToNone } from './suggestions/gradientsToNone.ts'
import { mixedPrecision } from './suggestions/mixedPrecision.ts'
import { fusedOptimizers, smallerState } from './suggestions/optimizerState.ts'
import { secondGpu } from './suggestions/secondGpu.ts'
import { type TrainerSettings, trainerSettings } from './trainers.ts'

export interface MemoryReport {
  readonly file: string
  /** Undefined without a text; `unknown` if the text is about something else. */
  readonly error: ErrorReport | 'unknown' | undefined
  /** Where the model is trained, as far as it was recognised. */
  readonly training: Training
  /** What its user can set, such as `--batch-size`. */
  readonly options: readonly (MemoryOption & { readonly line: number })[]
  /** Those that cost memory, the worst first. */
  readonly findings: readonly MemoryFinding[]
  /** Lines count from 1. */
  readonly used: readonly { readonly line: number; readonly text: Message }[]
  readonly optimizers: readonly OptimizerCost[]
  readonly suggestions: readonly Proposal[]
}

export type Training =
  | { readonly kind: 'here' }
  /** There are backward passes, but no step that was understood. */
  | { readonly kind: 'unclear' }
  /** A function of another file, `fit_one_epoch` of `utils_fit.py`. */
  | { readonly kind: 'elsewhere'; readonly function: string; readonly file: string }
  | { readonly kind: 'library'; readonly settings: TrainerSettings }
  | { readonly kind: 'nowhere' }

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
  pathOf: (module: ast.Module) => string | undefined,
): MemoryReport {
  const { text } = model
  const starts = lineStarts(text)
  const line = (offset: number) => lineAt(starts, offset) + 1
  const found = findings
    .filter(({ rule }) => costs(rule) < Number.POSITIVE_INFINITY)
    .sort((a, b) => costs(a.rule) - costs(b.rule))
  const asked: Case = { model, torchVersion, file: question.file }
  const error = errorReport(model, question)
  const suggestions = treatments.flatMap(treatment => treatment(asked) ?? [])
  const isApple = error !== undefined && error !== 'unknown' && error.memory.kind === 'mps'
  return {
    file: question.file,
    error,
    training: trainingOf(model, pathOf),
    options: memoryOptions(model).map(option => ({ ...option, line: line(option.at.start) })),
    findings: found.map(finding => ({
      finding,
      line: line(finding.start),
      text: text.slice(finding.start, finding.end).replace(/\s+/g, ' '),
      difference: finding.fix && changedLines(text, finding.fix.edits),
    })),
    used: usedAlready(model).map(({ at, text: message }) => ({ line: line(at.start), text: message })),
    optimizers: optimizerCosts(model),
    suggestions: suggestions
      .filter(({ needsCuda }) => !(needsCuda && isApple))
      .map(suggestion => ({
        ...suggestion,
        difference: suggestion.edits && changedLines(text, suggestion.edits),
      })),
  }
}

function trainingOf(model: Model, pathOf: (module: ast.Module) => string | undefined): Training {
  if (trainingStep(model)) return { kind: 'here' }
  const settings = trainerSettings(model)
  if (settings) return { kind: 'library', settings }
  if (backpropagates(model)) return { kind: 'unclear' }
  const elsewhere = model.followed().find(code => backpropagates(model, code))
  const file = elsewhere && pathOf(model.moduleOf(elsewhere))?.split('/').at(-1)
  return file !== undefined && elsewhere?.kind === 'FunctionDef'
    ? { kind: 'elsewhere', function: elsewhere.name, file }
    : { kind: 'nowhere' }
}

function backpropagates(model: Model, within?: ast.Node): boolean {
  return model.nodes('Call', within).some(({ func }) => func.kind === 'Attribute' && func.attr === 'backward')
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

/** Leaks before what is used up once. */
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
