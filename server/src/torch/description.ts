import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import { decayLists } from './decayLists.ts'
import { parameterGroups } from './groups.ts'
import type { TrainingLoop } from './loops.ts'
import { nameOf, textOf } from './names.ts'
import type { OptimizerCreation } from './optimizers.ts'
import { participantsOf } from './participants.ts'
import { plannedCurve } from './plannedCurve.ts'
import type { SchedulerCreation } from './schedulers.ts'
import { script } from './script.ts'

/** The training script as plain data. `torchlint inspect --format json` prints this. Lines count from 1. */
export interface ScriptDescription {
  readonly models: readonly { readonly name: string; readonly line: number; readonly class: string | null }[]
  readonly optimizers: readonly OptimizerDescription[]
  readonly scalers: readonly { readonly name: string; readonly line: number | null }[]
  readonly schedulers: readonly SchedulerDescription[]
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
  /** The names of the parameters that decay and of those that do not; null where they are not all certain. */
  readonly decay: DecayDescription | null
}

export interface DecayDescription {
  readonly decayed: readonly string[]
  readonly notDecayed: readonly string[]
  /** Where all decay alike: what would, and what would not, with the groups that optimizer/bias-decay offers. */
  readonly split: { readonly decayed: readonly string[]; readonly notDecayed: readonly string[] } | null
}

export interface SchedulerDescription {
  readonly name: string
  readonly line: number
  readonly expression: string
  readonly optimizer: string | null
  /** How often the script steps it; null where that is not visible. */
  readonly stepped: 'batch' | 'epoch' | null
  /** The learning rate at each step of the optimizer, if the scheduler steps after it; null where it is not visible. */
  readonly lrs: readonly number[] | null
  /** The momentum that is cycled beside it. */
  readonly momentums: readonly number[] | null
  /** Defaults of command-line options and parameters that the rates rest on. */
  readonly assumptions: readonly { readonly expression: string; readonly value: string }[]
  /** What PyTorch raises: `step` is the call of `step()`, counted from 1, or 0 for the constructor. */
  readonly error: { readonly step: number; readonly type: string; readonly message: string } | null
}

export interface LoopDescription {
  readonly line: number
  readonly level: 'epoch' | 'batch' | 'other'
  readonly mode: 'training' | 'evaluation' | 'unknown'
  readonly role: TrainingLoop['role']
  /** How often it runs each time, where its range is written out. */
  readonly iterations: number | null
  /** What it runs over, without `enumerate` and progress bars. */
  readonly over: string | null
  readonly models: readonly string[]
  readonly criteria: readonly string[]
  readonly optimizers: readonly string[]
  readonly schedulers: readonly string[]
  /** In the order in which they run. */
  readonly events: readonly { readonly event: string; readonly line: number; readonly text: string }[]
}

/** `steps`: how many learning rates to compute; the number that the script makes, or 200, if it is left out. */
export function describe(model: Model, steps?: number): ScriptDescription {
  const { models, optimizers, scalers, schedulers, loops } = script(model)
  const starts = lineStarts(model.text)
  const line = ({ start }: ast.Node) => lineAt(starts, start) + 1
  const text = (node: ast.Node) => textOf(model, node).replace(/\s+/g, ' ')
  return {
    models: models.map(({ expression, creation, class: className }) => ({
      name: text(expression),
      line: line(creation ?? expression),
      class: className ?? null,
    })),
    optimizers: optimizers.map(creation => describeOptimizer(model, creation, line(creation.call))),
    scalers: scalers.map(call => ({ name: nameOf(model, call) ?? text(call), line: line(call) })),
    schedulers: schedulers.map(creation => describeScheduler(model, creation, line, text, steps)),
    loops: loops.map(loop => describeLoop(loop, line, text)),
  }
}

function describeOptimizer(model: Model, creation: OptimizerCreation, line: number): OptimizerDescription {
  const { call, className } = creation
  const decay = decayLists(model, creation)
  return {
    name: nameOf(model, call) ?? className,
    line,
    class: className,
    groups: parameterGroups(model, creation),
    decay: decay ? { decayed: decay.decayed, notDecayed: decay.notDecayed, split: decay.split ?? null } : null,
  }
}

function describeScheduler(
  model: Model,
  creation: SchedulerCreation,
  line: (node: ast.Node) => number,
  text: (node: ast.Node) => string,
  steps: number | undefined,
): SchedulerDescription {
  const { call, optimizer } = creation
  const { stepping, curve } = plannedCurve(model, creation, steps)
  const { error } = curve ?? {}
  return {
    name: nameOf(model, call) ?? text(call.func),
    line: line(call),
    expression: text(call),
    optimizer: optimizer ? text(optimizer) : null,
    stepped: stepping?.level ?? null,
    lrs: curve?.lrs ?? null,
    momentums: curve?.momentums ?? null,
    assumptions: curve?.assumptions ?? [],
    error: error ? { step: error.call, type: error.type, message: error.text } : null,
  }
}

function describeLoop(
  loop: TrainingLoop,
  line: (node: ast.Node) => number,
  text: (node: ast.Node) => string,
): LoopDescription {
  const { node, level, mode, role, iterations, events } = loop
  const { source, models, criteria, optimizers, schedulers } = participantsOf(loop, text)
  return {
    line: line(node),
    level,
    mode,
    role,
    iterations: iterations ?? null,
    over: source ? text(source) : null,
    models: models.map(text),
    criteria: criteria.map(text),
    optimizers: optimizers.map(text),
    schedulers: schedulers.map(text),
    events: events.map(({ kind, call }) => ({ event: kind, line: line(call), text: text(call) })),
  }
}
