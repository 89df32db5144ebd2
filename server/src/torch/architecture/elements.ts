/** What containers hold: lists, dicts, and the modules that are containers of others. */

import type { Frame } from './evaluation.ts'
import { partsOf } from './members.ts'
import { contentsOf, joinAll, literal, literalOf, type Sequence, tensor, unknown, type Value } from './values.ts'

/** What iterating over a value gives; undefined if that is not known. */
export function elementsOf(value: Value, frame: Frame): Sequence | undefined {
  if (value.kind === 'literal' && typeof value.literal === 'string')
    return exactly([...value.literal].map(character => literal(character)))
  const contents = contentsOf(value, frame.state)
  switch (contents?.kind) {
    case 'sequence':
      return contents
    case 'table':
      return { ...exactly([...contents.entries.keys()].map(key => literal(key))), isExact: contents.isExact }
    case 'instance': {
      if (contents.class === 'torch.nn.ModuleDict')
        return exactly([...contents.attributes.keys()].map(key => literal(key)))
      const parts = partsOf(contents, frame.state).map(({ value: part }) => part)
      return contents.isComplete || contents.rest.length > 0
        ? { kind: 'sequence', elements: [...parts, ...contents.rest], isExact: contents.rest.length === 0 }
        : undefined
    }
    default:
      return undefined
  }
}

function exactly(elements: readonly Value[]): Sequence {
  return { kind: 'sequence', elements, isExact: true }
}

/** `container[key]`. */
export function elementAt(container: Value, key: Value, isSlice: boolean, frame: Frame): Value {
  if (container.kind === 'tensor') return ofTensor(container, key, isSlice, frame)
  if (container.kind === 'either') return joinAll(container.options.map(each => elementAt(each, key, isSlice, frame)))
  const index = literalOf(key, frame.state)
  const contents = contentsOf(container, frame.state)
  if (contents?.kind === 'table') {
    const found = typeof index === 'string' || typeof index === 'number' ? contents.entries.get(index) : undefined
    return found ?? (contents.entries.size > 0 ? joinAll([...contents.entries.values()]) : unknown)
  }
  if (contents?.kind === 'instance' && typeof index === 'string') return contents.attributes.get(index) ?? unknown
  const elements = elementsOf(container, frame)
  if (!elements || isSlice) return unknown
  if (typeof index === 'number' && elements.isExact) return elements.elements.at(index) ?? unknown
  return joinAll(elements.elements)
}

/** Rows of probabilities are probabilities; one of their columns is not. */
function ofTensor(value: Value & { kind: 'tensor' }, key: Value, isSlice: boolean, frame: Frame): Value {
  const isRow = isSlice || key.kind === 'unknown' || key.kind === 'tensor'
  const { activation } = value
  if (activation === 'logits' || activation === 'sigmoid' || (isRow && contentsOf(key, frame.state) === undefined))
    return { ...value, dimensions: undefined }
  return tensor
}
