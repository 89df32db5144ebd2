/** Distributed samplers that shuffle and are not told which epoch it is: they give the same order every time. */
import { filesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { visibleDefault } from './defaults.ts'
import { iterationsOf } from './iterations.ts'
import { importsLoaderOwner, isHandedOver, type LoadedLoop, loopAround, trainingLoaders } from './loaders.ts'

export interface UnsetEpoch {
  readonly sampler: ast.Call
  readonly epochs: ast.For
  /** What to call `set_epoch` on, where that has one name in the loop over epochs. */
  readonly receiver: ast.Expression | undefined
}

const samplerClass = 'torch.utils.data.distributed.DistributedSampler'

export function unsetEpochs(model: Model): readonly UnsetEpoch[] {
  const samplers = model.calls([samplerClass])
  if (
    samplers.length === 0 ||
    importsLoaderOwner(model) ||
    filesRun(model).some(({ text }) => text.includes('set_epoch'))
  )
    return []
  return trainingLoaders(model).flatMap(loaded => {
    const argument = model.argument(loaded.loader, 'sampler', 3)
    const epochs = loopAround(model, loaded.loop)
    if (argument.kind !== 'given' || epochs?.kind !== 'For' || !countsEpochs(model, epochs)) return []
    const sampler = samplerOf(model, argument.value)
    if (!sampler || encloses(epochs, sampler) || isShared(model, sampler) || isShared(model, loaded.loader)) return []
    return [{ sampler, epochs, receiver: receiverIn(model, epochs, argument.value, loaded) }]
  })
}

/** The sampler that is used where the training is distributed, if it shuffles. */
function samplerOf(model: Model, expression: ast.Expression): ast.Call | undefined {
  const samplers = model
    .values(expression)
    .flatMap(value => (value.kind === 'instance' && value.of === samplerClass ? [value.creation] : []))
  const [sampler, ...others] = samplers
  if (!sampler || others.length > 0) return undefined
  const shuffle = model.argument(sampler, 'shuffle', 3)
  const shuffles = shuffle.kind === 'absent' || (shuffle.kind === 'given' && model.constant(shuffle.value) === true)
  return shuffles ? sampler : undefined
}

/** More than one, over a range of numbers. */
function countsEpochs(model: Model, loop: ast.For): boolean {
  const { iter } = loop
  if (loop.target.kind !== 'Name' || iter.kind !== 'Call' || iterationsOf(model, loop) === 1) return false
  const name = model.qualifiedName(iter.func) ?? ''
  if (name !== 'builtins.range' && !/^tqdm\.(?:\w+\.)*t(?:range|qdm)$/.test(name)) return false
  const [last] = iter.args.slice(-1)
  return last !== undefined && visibleDefault(model, last) !== 1
}

/** Also reached from elsewhere: through a class that the file derives from another, or code outside the file. */
function isShared(model: Model, creation: ast.Call): boolean {
  const { parent } = creation
  const [target] = parent?.kind === 'Assign' ? parent.targets : []
  const owner = target?.kind === 'Attribute' ? model.place(target.value) : undefined
  if (owner && (owner.kind !== 'self' || owner.class.bases.length > 0)) return true
  return isHandedOver(model, creation)
}

function receiverIn(
  model: Model,
  epochs: ast.For,
  sampler: ast.Expression,
  { loop, expression }: LoadedLoop,
): ast.Expression | undefined {
  if (model.isInstance(sampler, samplerClass) !== 'yes') return undefined
  const isVisible = (name: ast.Expression) => {
    if (name.kind === 'Attribute') return model.place(name.value)?.kind === 'self' && unitOf(name) === unitOf(epochs)
    return name.kind === 'Name' && model.scope(name) === model.scope(epochs)
  }
  if (isVisible(sampler)) return sampler
  return isVisible(expression) && encloses(epochs, loop) ? expression : undefined
}

/** The class whose method a node stands in. */
function unitOf(node: ast.Node): ast.Node | undefined {
  let at = node.parent
  while (at && at.kind !== 'ClassDef') at = at.parent
  return at
}
