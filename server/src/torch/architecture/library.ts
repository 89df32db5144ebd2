/** What the functions of Python and PyTorch give that models are built with. */
import type * as ast from '../../syntax/ast.ts'
import { modelBuilders, moduleWrappers } from '../facts/modules.ts'
import { callFunction } from './activations.ts'
import { elementsOf } from './elements.ts'
import type { Evaluation, Frame } from './evaluation.ts'
import { copied, initialized, layer } from './layers.ts'
import { attributeOf, setAttribute } from './members.ts'
import { decided, table } from './operators.ts'
import { reparametrized } from './reparametrization.ts'
import { isInstance } from './types.ts'
import {
  type Arguments,
  contentsOf,
  create,
  instanceOf,
  joinAll,
  literal,
  literalOf,
  none,
  sequence,
  unknown,
  type Value,
} from './values.ts'

export function callSymbol(
  evaluation: Evaluation,
  name: string,
  given: Arguments,
  site: ast.Call | undefined,
  frame: Frame,
): Value {
  const [first] = given.positional
  const special = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (special) return special(evaluation, given, frame)
  if (moduleWrappers.has(name)) return first ?? given.keywords.get('module') ?? given.keywords.get('model') ?? unknown
  if (name === 'torch.nn.Parameter') return parameter(given, frame)
  if (/^torch\.nn\.utils\./.test(name)) return reparametrized(name, given, frame)
  if (/^torch\.nn\.[A-Z]\w*$/.test(name)) return layer(evaluation, name, given, site, frame)
  const [, base, method] = /^(torch\.nn\.\w+)\.(\w+)$/.exec(name) ?? []
  if (base !== undefined && method === '__init__' && first) {
    initialized(evaluation, first, base, { ...given, positional: given.positional.slice(1) }, site, frame)
    return none
  }
  if (isModelBuilder(name)) return built(name, given, site, frame)
  return callFunction(name, given, site, frame) ?? unknown
}

function isModelBuilder(name: string): boolean {
  return modelBuilders.includes(name) || /^(?:torchvision|timm)\.models\.(?:\w+\.)*[a-z]\w*$/.test(name)
}

/** A model of a library: its parts are not visible. What `timm.create_model` names is part of what it is. */
function built(name: string, given: Arguments, site: ast.Call | undefined, frame: Frame): Value {
  const architecture = literalOf(given.positional[0], frame.state)
  const isNamed = modelBuilders.includes(name) && typeof architecture === 'string'
  return create(
    {
      kind: 'instance',
      isModule: true,
      class: isNamed ? `${name}.${architecture}` : name,
      creation: site,
      attributes: new Map(),
      given,
      rest: [],
      isComplete: false,
    },
    frame.state,
    site,
  )
}

function parameter({ positional, keywords }: Arguments, frame: Frame): Value {
  const data = positional[0] ?? keywords.get('data')
  const contents = contentsOf(data, frame.state)
  const dimensions =
    data?.kind === 'tensor' ? data.dimensions : contents?.kind === 'parameter' ? contents.dimensions : undefined
  return create({ kind: 'parameter', dimensions }, frame.state)
}

type Special = (evaluation: Evaluation, given: Arguments, frame: Frame) => Value

const functions: Readonly<Record<string, Special>> = {
  'builtins.range': (_, { positional }, frame) => {
    const given = positional.map(value => literalOf(value, frame.state))
    if (given.some(each => typeof each !== 'number')) return unknownRange(frame)
    const [a = 0, b, step = 1] = given as number[]
    const [start, end] = b === undefined ? [0, a] : [a, b]
    const count = step === 0 ? 0 : Math.max(0, Math.ceil((end - start) / step))
    if (count > 1024) return unknownRange(frame)
    return sequence(
      Array.from({ length: count }, (_, index) => literal(start + index * step)),
      frame.state,
    )
  },
  'builtins.len': (_, { positional: [first] }, frame) => {
    const elements = first && elementsOf(first, frame)
    return elements?.isExact ? literal(elements.elements.length) : unknown
  },
  'builtins.enumerate': (_, { positional: [first] }, frame) => {
    const elements = first && elementsOf(first, frame)
    if (!elements) return unknown
    return sequence(
      elements.elements.map((element, index) =>
        sequence([elements.isExact ? literal(index) : unknown, element], frame.state),
      ),
      frame.state,
      elements.isExact,
    )
  },
  'builtins.zip': (_, { positional }, frame) => {
    const lists = positional.map(value => elementsOf(value, frame))
    const known = lists.filter(list => list?.isExact)
    if (known.length < lists.length || known.length === 0) return unknown
    const length = Math.min(...known.map(list => list?.elements.length ?? 0))
    const row = (index: number) =>
      sequence(
        known.map(list => list?.elements[index] ?? unknown),
        frame.state,
      )
    return sequence(
      Array.from({ length }, (_, index) => row(index)),
      frame.state,
    )
  },
  'builtins.list': collected,
  'builtins.tuple': collected,
  'builtins.set': collected,
  'builtins.iter': collected,
  'builtins.sorted': collected,
  'builtins.reversed': (_, { positional: [first] }, frame) => {
    const elements = first && elementsOf(first, frame)
    return elements ? sequence(elements.elements.toReversed(), frame.state, elements.isExact) : unknown
  },
  'builtins.dict': dictionary,
  'collections.OrderedDict': dictionary,
  'builtins.map': mapped,
  'builtins.filter': filtered,
  'builtins.any': (_, { positional: [first] }, frame) => quantified(first, frame, true),
  'builtins.all': (_, { positional: [first] }, frame) => quantified(first, frame, false),
  'builtins.int': numeric(Math.trunc),
  'builtins.max': extreme(Math.max),
  'builtins.min': extreme(Math.min),
  'builtins.str': (_, { positional: [first] }) =>
    first?.kind === 'literal' ? literal(String(first.literal)) : unknown,
  'builtins.isinstance': (evaluation, { positional: [object, classes] }, frame) =>
    isInstance(evaluation, object, classes, frame),
  'builtins.getattr': (evaluation, { positional: [object, name, otherwise] }, frame) => {
    const key = literalOf(name, frame.state)
    if (!object || typeof key !== 'string') return unknown
    const value = attributeOf(evaluation, object, key, frame)
    return value.kind === 'unknown' || value.kind === 'method' ? unknown : otherwise ? joinAll([value]) : value
  },
  'builtins.setattr': (evaluation, { positional: [object, name, value] }, frame) => {
    const key = literalOf(name, frame.state)
    const instance = instanceOf(object, frame.state)
    if (!object || !value || !instance) return none
    if (typeof key === 'string' && !frame.isRepeated) setAttribute(evaluation, object, key, value, frame)
    else if (object.kind === 'object')
      frame.state.heap.set(object.identity, { ...instance, rest: [...instance.rest, value] })
    return none
  },
  'functools.partial': (_, { positional: [callee = unknown, ...positional], keywords, isExact }) => ({
    kind: 'partial',
    callee,
    given: { positional, keywords, isExact },
  }),
  'copy.copy': (_, { positional: [first] }) => first ?? unknown,
  'copy.deepcopy': (_, { positional: [first] }, frame) => (first ? copied(first, frame) : unknown),
  'itertools.chain': (_, { positional }, frame) => {
    const lists = positional.map(value => elementsOf(value, frame))
    return sequence(
      lists.flatMap(list => list?.elements ?? [unknown]),
      frame.state,
      lists.every(list => list?.isExact),
    )
  },
  'torch.is_tensor': () => unknown,
}

/** Numbers of which there is no telling how many. */
function unknownRange(frame: Frame): Value {
  return sequence([unknown], frame.state, false)
}

function collected(_: Evaluation, { positional: [first] }: Arguments, frame: Frame): Value {
  if (!first) return sequence([], frame.state)
  const elements = elementsOf(first, frame)
  return elements ? sequence(elements.elements, frame.state, elements.isExact) : unknown
}

function dictionary(_: Evaluation, { positional: [first], keywords, isExact }: Arguments, frame: Frame): Value {
  const entries = new Map<string | number, Value>()
  const contents = contentsOf(first, frame.state)
  let isKnown = isExact
  if (contents?.kind === 'table') for (const [key, value] of contents.entries) entries.set(key, value)
  else if (contents?.kind === 'sequence')
    for (const pair of contents.elements) {
      const [key, value] = elementsOf(pair, frame)?.elements ?? []
      if (key?.kind === 'literal' && value) entries.set(String(key.literal), value)
      else isKnown = false
    }
  else if (first) isKnown = false
  for (const [key, value] of keywords) entries.set(key, value)
  return table(entries, frame, isKnown)
}

function mapped(evaluation: Evaluation, { positional: [callee, over] }: Arguments, frame: Frame): Value {
  const elements = over && elementsOf(over, frame)
  if (!callee || !elements) return unknown
  const call = (element: Value) =>
    evaluation.call(callee, { positional: [element], keywords: new Map(), isExact: true }, undefined, frame)
  return sequence(elements.elements.map(call), frame.state, elements.isExact)
}

function filtered(evaluation: Evaluation, { positional: [callee, over] }: Arguments, frame: Frame): Value {
  const elements = over && elementsOf(over, frame)
  if (!callee || !elements?.isExact) return unknown
  const tests = elements.elements.map(element =>
    decided(
      evaluation.call(callee, { positional: [element], keywords: new Map(), isExact: true }, undefined, frame),
      frame,
    ),
  )
  if (tests.includes(undefined)) return unknown
  return sequence(
    elements.elements.filter((_, index) => tests[index]),
    frame.state,
  )
}

function quantified(over: Value | undefined, frame: Frame, wanted: boolean): Value {
  const elements = over && elementsOf(over, frame)
  const truths = elements?.elements.map(element => decided(element, frame)) ?? [undefined]
  if (truths.includes(wanted)) return literal(wanted)
  return elements?.isExact && !truths.includes(undefined) ? literal(!wanted) : unknown
}

function numeric(compute: (value: number) => number): Special {
  return (_, { positional: [first] }, frame) => {
    const value = literalOf(first, frame.state)
    return typeof value === 'number' ? literal(compute(value)) : unknown
  }
}

function extreme(compute: (...values: number[]) => number): Special {
  return (_, { positional }, frame) => {
    const values = positional.map(value => literalOf(value, frame.state))
    return values.length > 1 && values.every(value => typeof value === 'number')
      ? literal(compute(...(values as number[])))
      : unknown
  }
}
