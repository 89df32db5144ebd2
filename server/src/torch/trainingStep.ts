/** The step that the script trains with: what a batch goes through, and where its size stands. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type BackwardPass, backwardPasses } from './backward.ts'
import { visibleDefault } from './defaults.ts'
import type { EventKind } from './events.ts'
import { trainingLoaders } from './loaders.ts'
import { type TrainingLoop, trainingLoops } from './loops.ts'
import { remember } from './remember.ts'

export interface TrainingStep {
  readonly loop: TrainingLoop
  readonly backward: BackwardPass
  /** The calls of each kind, in the order in which they run. */
  calls(kind: EventKind): readonly ast.Call[]
  /** What the loop takes its batches from, as it names it, and the call that makes it. */
  readonly loader: { readonly expression: ast.Expression; readonly creation: ast.Call } | undefined
  readonly batchSize: BatchSize | undefined
}

export interface BatchSize {
  /** As the loader is given it. */
  readonly expression: ast.Expression
  /** Its value, or its default; undefined where none is visible. */
  readonly value: number | undefined
}

/** The first loop over batches with a forward pass, a backward pass and a step of an optimizer. */
export const trainingStep = remember((model: Model): TrainingStep | undefined => {
  for (const loop of trainingLoops(model)) {
    if (loop.level !== 'batch' || loop.mode === 'evaluation') continue
    const calls = (kind: EventKind) => loop.events.filter(event => event.kind === kind).map(({ call }) => call)
    const [call] = calls('backward')
    const backward = backwardPasses(model).find(pass => pass.call === call)
    if (!backward || calls('forward').length === 0 || calls('step').length === 0) continue
    const loaded = trainingLoaders(model).find(each => each.loop === loop.node)
    const loader = loaded && { expression: loaded.expression, creation: loaded.loader }
    return { loop, backward, calls, loader, batchSize: loader && batchSizeOf(model, loader.creation) }
  }
  return undefined
})

function batchSizeOf(model: Model, loader: ast.Call): BatchSize | undefined {
  const argument = model.argument(loader, 'batch_size', 1)
  if (argument.kind !== 'given') return undefined
  const value = visibleDefault(model, argument.value)
  return { expression: argument.value, value: typeof value === 'number' ? value : undefined }
}
