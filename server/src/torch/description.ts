import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import { parameterGroups } from './groups.ts'
import type { TrainingLoop } from './loops.ts'
import { nameOf, textOf } from './names.ts'
import type { OptimizerCreation } from './optimizers.ts'
import { script } from './script.ts'

/** The training script as plain data. `torchlint inspect --format json` prints this. Lines count from 1. */
export interface ScriptDescription {
  readonly models: readonly { readonly name: string; readonly line: number; readonly class: string | null }[]
  readonly optimizers: readonly OptimizerDescription[]
  readonly scalers: readonly { readonly name: string; readonly line: number | null }[]
  readonly schedulers: readonly {
    readonly name: string
    readonly line: number
    readonly expression: string
    readonly optimizer: string | null
  }[]
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

export function describe(model: Model): ScriptDescription {
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
    schedulers: schedulers.map(({ call, optimizer }) => ({
      name: nameOf(model, call) ?? text(call.func),
      line: line(call),
      expression: text(call),
      optimizer: optimizer ? text(optimizer) : null,
    })),
    loops: loops.map(loop => describeLoop(loop, line, text)),
  }
}

function describeOptimizer(model: Model, creation: OptimizerCreation, line: number): OptimizerDescription {
  const { call, className } = creation
  return { name: nameOf(model, call) ?? className, line, class: className, groups: parameterGroups(model, creation) }
}

function describeLoop(
  { node, level, mode, events }: TrainingLoop,
  line: (node: ast.Node) => number,
  text: (node: ast.Node) => string,
): LoopDescription {
  return {
    line: line(node),
    level,
    mode,
    events: events.map(({ kind, call }) => ({ event: kind, line: line(call), text: text(call) })),
  }
}
