/** Which DataLoader a training loop takes its batches from, and the loop over epochs around it. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { trainingLoops } from './loops.ts'
import { remember } from './remember.ts'
import { importsAny, methodCall } from './usage.ts'

/** A loop over batches that trains, with the only call that can have made its loader. */
export interface LoadedLoop {
  readonly loop: ast.For
  /** The loader as the loop names it. */
  readonly expression: ast.Expression
  readonly loader: ast.Call
}

export const trainingLoaders = remember((model: Model): readonly LoadedLoop[] =>
  trainingLoops(model).flatMap(({ node, level, role, events }) => {
    if (node.kind !== 'For' || level !== 'batch' || role !== 'training') return []
    if (!events.some(({ kind }) => kind === 'backward')) return []
    const expression = iterated(model, node.iter)
    const loader = expression && loaderOf(model, expression)
    return loader ? [{ loop: node, expression, loader }] : []
  }),
)

/** `loader` of `enumerate(tqdm(loader))`. */
function iterated(model: Model, iterable: ast.Expression): ast.Expression | undefined {
  if (iterable.kind !== 'Call') return iterable
  const [first] = iterable.args
  return first && wrapping.test(model.qualifiedName(iterable.func) ?? '') ? iterated(model, first) : iterable
}

const wrapping = /^(?:tqdm\.(?:\w+\.)*tqdm|builtins\.(?:enumerate|iter)|itertools\.islice)$/

/** The one call of `DataLoader` whose result the expression is. */
function loaderOf(model: Model, expression: ast.Expression): ast.Call | undefined {
  const creations = new Set(
    model
      .values(expression)
      .map(value => (value.kind === 'instance' && value.of === loaderClass ? value.creation : undefined)),
  )
  const [creation] = creations
  return creations.size === 1 ? creation : undefined
}

export const loaderClass = 'torch.utils.data.DataLoader'

/** The innermost loop around a loop, in its function or around the only call of it. */
export function loopAround(model: Model, node: ast.Node, depth = 0): ast.For | ast.While | undefined {
  const [outer] = model.loops(node).filter(around => around !== node)
  if (outer) return outer
  const scope = model.scope(node)
  if (scope.kind !== 'FunctionDef' || depth > depthLimit) return undefined
  const [site, ...others] = model.callSites(scope) ?? []
  return site && others.length === 0 ? loopAround(model, site, depth + 1) : undefined
}

const depthLimit = 4

/** Is an object given to code that is not in the file, and that may therefore do anything with it? */
export function isHandedOver(model: Model, creation: ast.Call): boolean {
  return model.nodes('Call').some(call => {
    if (call === creation || harmless.test(model.qualifiedName(call.func) ?? '')) return false
    const given = [...call.args, ...call.keywords.map(({ value }) => value)].filter(
      ({ kind }) => kind === 'Name' || kind === 'Attribute',
    )
    if (!given.some(argument => isMadeBy(model, argument, creation))) return false
    const callee = model.callee(call)
    const isFollowed = callee.kind === 'function' || callee.kind === 'class'
    return !isFollowed || model.moduleOf(callee.node) !== model.module
  })
}

const harmless =
  /^(?:tqdm\.(?:\w+\.)*tqdm|builtins\.(?:enumerate|iter|len|next|print|isinstance|zip|max|min)|itertools\.islice|torch\.utils\.data\.DataLoader)$/

function isMadeBy(model: Model, expression: ast.Expression, creation: ast.Call): boolean {
  return model.values(expression).some(value => value.kind === 'instance' && value.creation === creation)
}

/** Libraries that take over loaders and tell their samplers the epoch. */
const loaderOwners = new Set([
  'accelerate',
  'catalyst',
  'colossalai',
  'deepspeed',
  'fastai',
  'ignite',
  'lightning',
  'lightning_fabric',
  'mmcv',
  'mmengine',
  'pytorch_lightning',
  'ray',
])

/** Does the script import a library that may call `set_epoch` for it? */
export const importsLoaderOwner = remember((model: Model): boolean => importsAny(model, loaderOwners))

/** Does something decide on the order itself: `random.shuffle(samples)`, `dataset.shuffle()`? */
export function shufflesItself(model: Model): boolean {
  return nodesRun(model, 'Call').some(call => {
    const name = methodCall(call)?.method ?? model.qualifiedName(call.func) ?? ''
    return /(?:^|[._])(?:shuffle|permutation|randperm)\w*$/.test(name)
  })
}
