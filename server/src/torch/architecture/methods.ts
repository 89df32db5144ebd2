/** Methods of what is not of a class of the file: lists, dicts, strings, tensors, modules. */
import type * as ast from '../../syntax/ast.ts'
import { chainableMethods } from '../facts/modules.ts'
import { callTensor } from './activations.ts'
import { elementsOf } from './elements.ts'
import type { Evaluation, Frame } from './evaluation.ts'
import { applied, initialized } from './layers.ts'
import { lineageOf, partsOf, setAttribute } from './members.ts'
import { modulesWithin, parametersWithin } from './parameters.ts'
import {
  type Arguments,
  contentsOf,
  type Instance,
  instanceOf,
  literal,
  literalOf,
  none,
  type Sequence,
  sequence,
  type Table,
  unknown,
  type Value,
} from './values.ts'

export function callMethod(
  evaluation: Evaluation,
  receiver: Value,
  name: string,
  given: Arguments,
  site: ast.Call | undefined,
  frame: Frame,
): Value {
  if (receiver.kind === 'tensor') return callTensor(receiver, name, given, site)
  if (receiver.kind === 'literal' && typeof receiver.literal === 'string')
    return ofText(receiver.literal, name, given, frame)
  if (receiver.kind === 'super') return ofSuper(evaluation, receiver, name, given, site, frame)
  const contents = contentsOf(receiver, frame.state)
  switch (contents?.kind) {
    case 'sequence':
      return ofSequence(receiver, contents, name, given, frame)
    case 'table':
      return ofTable(contents, name, given, frame)
    case 'instance':
      return ofInstance(evaluation, receiver, contents, name, given, site, frame)
    case 'parameter':
      if (/^(?:dim|ndimension)$/.test(name))
        return contents.dimensions === undefined ? unknown : literal(contents.dimensions)
      if (/^(?:to|cuda|cpu|float|half|requires_grad_|clone|detach)$/.test(name)) return receiver
      return unknown
    default:
      return unknown
  }
}

function ofText(text: string, name: string, { positional }: Arguments, frame: Frame): Value {
  const given = positional.map(value => literalOf(value, frame.state))
  const [first] = given
  const words = Array.isArray(first) ? first : [first]
  const areTexts = words.every(each => typeof each === 'string')
  switch (name) {
    case 'endswith':
      return areTexts ? literal(words.some(each => text.endsWith(String(each)))) : unknown
    case 'startswith':
      return areTexts ? literal(words.some(each => text.startsWith(String(each)))) : unknown
    case 'lower':
      return literal(text.toLowerCase())
    case 'split':
      return typeof first === 'string'
        ? sequence(
            text.split(first).map(part => literal(part)),
            frame.state,
          )
        : unknown
    case 'replace':
      return typeof first === 'string' && typeof given[1] === 'string'
        ? literal(text.replaceAll(first, given[1]))
        : unknown
    case 'format':
      return given.every(each => typeof each === 'string' || typeof each === 'number') && !/\{[^}]/.test(text)
        ? literal(text.replace(/\{\}/g, () => String(given.shift())))
        : unknown
    default:
      return unknown
  }
}

function ofSequence(receiver: Value, contents: Sequence, name: string, given: Arguments, frame: Frame): Value {
  const [first] = given.positional
  const set = (elements: readonly Value[], isExact = contents.isExact && !frame.isRepeated) => {
    if (receiver.kind === 'object') frame.state.heap.set(receiver.identity, { kind: 'sequence', elements, isExact })
    return none
  }
  switch (name) {
    case 'append':
    case 'add':
      return first ? set([...contents.elements, first]) : none
    case 'extend':
    case 'update': {
      const added = first && elementsOf(first, frame)
      return set(
        [...contents.elements, ...(added?.elements ?? [unknown])],
        contents.isExact && !frame.isRepeated && added?.isExact === true,
      )
    }
    case 'insert': {
      const at = literalOf(first, frame.state)
      return set(contents.elements.toSpliced(typeof at === 'number' ? at : 0, 0, given.positional[1] ?? unknown))
    }
    case 'pop': {
      const popped = contents.isExact && !first ? contents.elements.at(-1) : undefined
      set(popped ? contents.elements.slice(0, -1) : contents.elements, popped !== undefined && !frame.isRepeated)
      return popped ?? unknown
    }
    case 'copy':
      return sequence(contents.elements, frame.state, contents.isExact)
    case 'union':
    case 'reverse':
    case 'remove':
    case 'clear':
      return set([unknown], false)
    default:
      return unknown
  }
}

function ofTable({ entries, isExact }: Table, name: string, given: Arguments, frame: Frame): Value {
  const pairs = [...entries]
  switch (name) {
    case 'keys':
      return sequence(
        pairs.map(([key]) => literal(key)),
        frame.state,
        isExact,
      )
    case 'values':
      return sequence(
        pairs.map(([, value]) => value),
        frame.state,
        isExact,
      )
    case 'items':
      return sequence(
        pairs.map(([key, value]) => sequence([literal(key), value], frame.state)),
        frame.state,
        isExact,
      )
    case 'get':
    case 'pop': {
      const key = literalOf(given.positional[0], frame.state)
      const isKey = typeof key === 'string' || typeof key === 'number'
      const found = isKey ? entries.get(key) : undefined
      return found ?? (isKey && isExact ? (given.positional[1] ?? none) : unknown)
    }
    default:
      return unknown
  }
}

function ofSuper(
  evaluation: Evaluation,
  receiver: Value & { readonly kind: 'super' },
  name: string,
  given: Arguments,
  site: ast.Call | undefined,
  frame: Frame,
): Value {
  const { self } = receiver
  const base = lineageOf(evaluation.model, receiver.class).imported[0] ?? 'builtins.object'
  if (name === '__init__') {
    initialized(evaluation, self, base, given, site, frame)
    return none
  }
  const instance = instanceOf(self, frame.state)
  if (name === 'forward' && instance) return applied(evaluation, { ...instance, class: base }, given, site, frame)
  return callMethod(evaluation, self, name, given, site, frame)
}

function ofInstance(
  evaluation: Evaluation,
  receiver: Value,
  instance: Instance,
  name: string,
  given: Arguments,
  site: ast.Call | undefined,
  frame: Frame,
): Value {
  const { state } = frame
  const [first, second] = given.positional
  const pairs = (entries: readonly (readonly [string, Value])[] | undefined) =>
    entries
      ? sequence(
          entries.map(([key, value]) => sequence([literal(key), value], state)),
          state,
        )
      : unknown
  switch (name) {
    case 'parameters': {
      const held = parametersOf(instance, given, frame)
      return held
        ? sequence(
            held.map(([, value]) => value),
            state,
          )
        : unknown
    }
    case 'named_parameters':
      return pairs(parametersOf(instance, given, frame))
    case 'named_modules':
      return pairs(modulesWithin(receiver, state))
    case 'modules': {
      const modules = modulesWithin(receiver, state)
      return modules
        ? sequence(
            modules.map(([, value]) => value),
            state,
          )
        : unknown
    }
    case 'children':
      return instance.rest.length > 0
        ? unknown
        : sequence(
            partsOf(instance, state).map(({ value }) => value),
            state,
          )
    case 'named_children':
    case 'items':
      return pairs(
        instance.rest.length > 0 ? undefined : partsOf(instance, state).map(({ name: key, value }) => [key, value]),
      )
    case 'values':
      return sequence(
        partsOf(instance, state).map(({ value }) => value),
        state,
      )
    case 'keys':
      return sequence(
        partsOf(instance, state).map(({ name: key }) => literal(key)),
        state,
      )
    case 'append':
    case 'extend':
    case 'insert': {
      const added = name === 'extend' ? first && elementsOf(first, frame) : undefined
      const isKnown = name === 'append' ? !frame.isRepeated : name === 'extend' && !!added?.isExact && !frame.isRepeated
      const elements = name === 'append' ? [first ?? unknown] : (added?.elements ?? [unknown])
      addParts(receiver, instance, elements, isKnown, frame)
      return receiver
    }
    case 'add_module':
    case 'register_module':
    case 'register_parameter':
    case '__setattr__': {
      const key = literalOf(first, state)
      const value = second ?? given.keywords.get('module') ?? given.keywords.get('param') ?? unknown
      if (typeof key === 'string' && !frame.isRepeated) setAttribute(evaluation, receiver, key, value, frame)
      else addParts(receiver, instance, [value], false, frame)
      return none
    }
    case 'forward':
      return applied(evaluation, instance, given, site, frame)
    default:
      return chainableMethods.has(name) ? receiver : unknown
  }
}

function parametersOf(
  instance: Instance,
  { positional, keywords }: Arguments,
  frame: Frame,
): readonly (readonly [string, Value])[] | undefined {
  if (positional.length > 0) return undefined
  const recurse = keywords.get('recurse')
  if (!recurse) return parametersWithin(instance, frame.state)
  const own = [...instance.attributes].filter(([, value]) => contentsOf(value, frame.state)?.kind === 'parameter')
  return literalOf(recurse, frame.state) === false && instance.isComplete ? own : undefined
}

function addParts(receiver: Value, instance: Instance, parts: readonly Value[], isKnown: boolean, frame: Frame): void {
  if (receiver.kind !== 'object') return
  const attributes = new Map(instance.attributes)
  if (isKnown) for (const part of parts) attributes.set(String(attributes.size), part)
  frame.state.heap.set(receiver.identity, {
    ...instance,
    attributes,
    rest: isKnown ? instance.rest : [...instance.rest, ...parts],
  })
}
