/** The layers of `torch.nn`: what they are made of, and what calling them gives. */
import type * as ast from '../../syntax/ast.ts'
import { bareLayers, parameterDimensions } from '../facts/modules.ts'
import { activationOf } from './activations.ts'
import { containers, numbered } from './containers.ts'
import type { Evaluation, Frame } from './evaluation.ts'
import {
  type Arguments,
  absent,
  contentsOf,
  create,
  type Instance,
  instanceOf,
  join,
  joinAll,
  literal,
  literalOf,
  optionsOf,
  type Parameter,
  tensor,
  unknown,
  type Value,
} from './values.ts'

/** A layer of `torch.nn`. */
export function layer(
  evaluation: Evaluation,
  name: string,
  given: Arguments,
  site: ast.Expression | undefined,
  frame: Frame,
): Value {
  const object = create(
    {
      kind: 'instance',
      isModule: true,
      class: name,
      creation: site,
      attributes: new Map(),
      given,
      rest: [],
      isComplete: true,
    },
    frame.state,
    site,
  )
  initialized(evaluation, object, name, given, site, frame)
  return object
}

/** Runs `__init__` of an imported class on an object. */
export function initialized(
  evaluation: Evaluation,
  object: Value,
  className: string,
  given: Arguments,
  site: ast.Expression | undefined,
  frame: Frame,
): void {
  const instance = instanceOf(object, frame.state)
  if (object.kind !== 'object' || !instance) return
  const set = (changes: Partial<Instance>) => frame.state.heap.set(object.identity, { ...instance, ...changes })
  if (!className.startsWith('torch.nn.') || className === 'torch.nn.Module') return
  const name = className.slice('torch.nn.'.length)
  const container = containers[name]
  if (container) set({ ...container(given, frame), given })
  else if (Object.hasOwn(composites, name)) {
    const parts = composites[name]?.(evaluation, given, site, frame)
    set(parts ? { attributes: new Map([...instance.attributes, ...parts]), given } : { isComplete: false, given })
  } else {
    const parameters = parametersOf(name, given, frame)
    const created = parameters?.map(([key, value]) => [key, value] as const)
    set(
      created
        ? { attributes: new Map([...instance.attributes, ...created]), given }
        : { isComplete: bareLayers.test(name), given },
    )
  }
}

/** An argument of a layer, or its default. */
function option(given: Arguments, name: string, position: number, otherwise: string | number | boolean | null): Value {
  return given.keywords.get(name) ?? given.positional[position] ?? (given.isExact ? literal(otherwise) : unknown)
}

/** The switch that a parameter hangs on: its name, position and default. */
const switches: Readonly<Record<string, readonly [name: string, position: number, isOn: boolean]>> = {
  BatchNorm1d: ['affine', 3, true],
  BatchNorm2d: ['affine', 3, true],
  BatchNorm3d: ['affine', 3, true],
  Bilinear: ['bias', 3, true],
  Conv1d: ['bias', 7, true],
  Conv2d: ['bias', 7, true],
  Conv3d: ['bias', 7, true],
  ConvTranspose1d: ['bias', 7, true],
  ConvTranspose2d: ['bias', 7, true],
  ConvTranspose3d: ['bias', 7, true],
  GRUCell: ['bias', 2, true],
  GroupNorm: ['affine', 3, true],
  InstanceNorm1d: ['affine', 3, false],
  InstanceNorm2d: ['affine', 3, false],
  InstanceNorm3d: ['affine', 3, false],
  LSTMCell: ['bias', 2, true],
  LayerNorm: ['elementwise_affine', 2, true],
  Linear: ['bias', 2, true],
  MultiheadAttention: ['bias', 3, true],
  RMSNorm: ['elementwise_affine', 2, true],
  RNNCell: ['bias', 2, true],
  SyncBatchNorm: ['affine', 3, true],
}

function parametersOf(name: string, given: Arguments, frame: Frame): readonly (readonly [string, Value])[] | undefined {
  if (name === 'LSTM' || name === 'GRU' || name === 'RNN') return recurrent(name, given, frame)
  const dimensions = Object.hasOwn(parameterDimensions, name) ? parameterDimensions[name] : undefined
  if (!dimensions || name === 'AdaptiveLogSoftmaxWithLoss') return undefined
  if (name === 'MultiheadAttention' && ['kdim', 'vdim', 'add_bias_kv'].some(key => given.keywords.has(key)))
    return undefined
  const [key, position, isOn] = switches[name] ?? []
  const switched = key === undefined ? literal(true) : option(given, key, position ?? 0, isOn ?? true)
  const bias = name === 'LayerNorm' ? option(given, 'bias', 3, true) : literal(true)
  return Object.entries(dimensions).map(([parameter, count]) => {
    const hangsOn = key !== 'bias' || /bias$/.test(parameter) ? [switched, ...(parameter === 'bias' ? [bias] : [])] : []
    const value = create({ kind: 'parameter', ...(ofNorm(name, given, frame) ?? { dimensions: count }) }, frame.state)
    const tests = hangsOn.map(each => literalOf(each, frame.state))
    if (tests.includes(false)) return [parameter, literal(null)] as const
    return [parameter, tests.includes(undefined) ? join(value, absent) : value] as const
  })
}

/** The scales of a norm over several dimensions have as many. */
function ofNorm(name: string, given: Arguments, frame: Frame): Omit<Parameter, 'kind'> | undefined {
  if (name !== 'LayerNorm' && name !== 'RMSNorm') return undefined
  const shape = option(given, 'normalized_shape', 0, null)
  const sizes = contentsOf(shape, frame.state)
  if (sizes?.kind === 'sequence') return { dimensions: sizes.isExact ? sizes.elements.length : undefined }
  return { dimensions: 1, isAssumed: typeof literalOf(shape, frame.state) !== 'number' }
}

/** `weight_ih_l0`, `bias_hh_l1_reverse`. */
function recurrent(name: string, given: Arguments, frame: Frame): readonly (readonly [string, Value])[] | undefined {
  // The RNN has its nonlinearity in between.
  const shift = name === 'RNN' ? 1 : 0
  const at = (key: string, position: number, otherwise: number | boolean) =>
    literalOf(option(given, key, position, otherwise), frame.state)
  const layers = at('num_layers', 2, 1)
  const bias = at('bias', 3 + shift, true)
  const isBidirectional = at('bidirectional', 6 + shift, false)
  const projection = at('proj_size', 7 + shift, 0)
  if (typeof layers !== 'number' || typeof bias !== 'boolean' || typeof isBidirectional !== 'boolean') return undefined
  if (typeof projection !== 'number') return undefined
  const kinds = [
    'weight_ih',
    'weight_hh',
    ...(bias ? ['bias_ih', 'bias_hh'] : []),
    ...(projection > 0 ? ['weight_hr'] : []),
  ]
  return Array.from({ length: layers }, (_, index) => index).flatMap(index =>
    (isBidirectional ? ['', '_reverse'] : ['']).flatMap(direction =>
      kinds.map(kind => {
        const dimensions = kind.startsWith('weight') ? 2 : 1
        return [`${kind}_l${index}${direction}`, create({ kind: 'parameter', dimensions }, frame.state)] as const
      }),
    ),
  )
}

type Composite = (
  evaluation: Evaluation,
  given: Arguments,
  site: ast.Expression | undefined,
  frame: Frame,
) => readonly (readonly [string, Value])[] | undefined

/** Layers that are made of others. */
const composites: Readonly<Record<string, Composite>> = {
  TransformerEncoderLayer: (...about) => transformerLayer(['self_attn'], 2, ...about),
  TransformerDecoderLayer: (...about) => transformerLayer(['self_attn', 'multihead_attn'], 3, ...about),
  TransformerEncoder: stacked,
  TransformerDecoder: stacked,
}

function transformerLayer(
  attentions: readonly string[],
  norms: number,
  evaluation: Evaluation,
  given: Arguments,
  site: ast.Expression | undefined,
  frame: Frame,
): readonly (readonly [string, Value])[] {
  const bias = new Map([['bias', given.keywords.get('bias') ?? literal(true)]])
  const part = (name: string) =>
    layer(evaluation, `torch.nn.${name}`, { positional: [], keywords: bias, isExact: true }, site, frame)
  const dropout = option(given, 'dropout', 3, 0.1)
  const drop = (): Value =>
    layer(evaluation, 'torch.nn.Dropout', { positional: [dropout], keywords: new Map(), isExact: true }, site, frame)
  const numbers = Array.from({ length: norms }, (_, index) => index + 1)
  return [
    ...attentions.map(name => [name, part('MultiheadAttention')] as const),
    ['linear1', part('Linear')] as const,
    ['dropout', drop()] as const,
    ['linear2', part('Linear')] as const,
    ...numbers.map(number => [`norm${number}`, part('LayerNorm')] as const),
    ...numbers.map(number => [`dropout${number}`, drop()] as const),
  ]
}

/** Copies of one layer, and perhaps a norm behind them. */
function stacked(
  _: Evaluation,
  given: Arguments,
  site: ast.Expression | undefined,
  frame: Frame,
): readonly (readonly [string, Value])[] | undefined {
  const { state } = frame
  const [first] = given.positional
  const one = first ?? given.keywords.get('encoder_layer') ?? given.keywords.get('decoder_layer')
  const prototype = instanceOf(one, state)
  const count = literalOf(option(given, 'num_layers', 1, null), state)
  if (!one || !prototype) return undefined
  const copies =
    typeof count === 'number' && count < 256 ? Array.from({ length: count }, () => copied(one, frame)) : [one]
  const layers: Instance = {
    kind: 'instance',
    isModule: true,
    class: 'torch.nn.ModuleList',
    creation: site,
    given: undefined,
    ...numbered(copies, typeof count === 'number'),
  }
  const norm = option(given, 'norm', 2, null)
  return [
    ['layers', create(layers, state, site)],
    ['norm', norm],
  ]
}

/** A deep copy of a module: parts and parameters are new objects. */
export function copied(value: Value, frame: Frame): Value {
  const contents = contentsOf(value, frame.state)
  if (contents?.kind === 'parameter') return create(contents, frame.state)
  if (contents?.kind === 'sequence')
    return create({ ...contents, elements: contents.elements.map(each => copied(each, frame)) }, frame.state)
  if (contents?.kind !== 'instance') return value
  const attributes = new Map([...contents.attributes].map(([name, each]) => [name, copied(each, frame)] as const))
  return create({ ...contents, attributes, rest: contents.rest.map(each => copied(each, frame)) }, frame.state)
}

/** What calling a module of an imported class gives. */
export function applied(
  evaluation: Evaluation,
  instance: Instance,
  given: Arguments,
  site: ast.Call | undefined,
  frame: Frame,
): Value {
  const name = String(instance.class)
  const input = given.positional[0] ?? [...given.keywords.values()][0] ?? unknown
  if (name === 'torch.nn.Sequential') {
    if (!instance.isComplete && instance.rest.length === 0) return unknown
    // Of parts in no known order the last may be any.
    if (instance.rest.length > 0)
      return instance.rest.length === 1 ? applyPart(evaluation, instance.rest[0], input, frame) : unknown
    return [...instance.attributes.values()].reduce((value, part) => applyPart(evaluation, part, value, frame), input)
  }
  return activationOf(name, input, instance.creation, site) ?? (name.startsWith('torch.nn.') ? tensor : unknown)
}

function applyPart(evaluation: Evaluation, part: Value | undefined, input: Value, frame: Frame): Value {
  if (!part) return unknown
  return joinAll(
    optionsOf(part).map(each =>
      each.kind === 'absent' || (each.kind === 'literal' && each.literal === null)
        ? input
        : evaluation.call(each, { positional: [input], keywords: new Map(), isExact: true }, undefined, frame),
    ),
  )
}
