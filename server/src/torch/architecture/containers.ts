/** Modules that hold what they are given. */
import { elementsOf } from './elements.ts'
import type { Frame } from './evaluation.ts'
import { type Arguments, contentsOf, type Instance, type Value } from './values.ts'

export type Parts = Pick<Instance, 'attributes' | 'rest' | 'isComplete'>

export const containers: Readonly<Record<string, (given: Arguments, frame: Frame) => Parts>> = {
  Sequential: (given, frame) => {
    const [only] = given.positional
    const named = contentsOf(only, frame.state)
    if (named?.kind === 'table') return { attributes: toMap(named.entries), rest: [], isComplete: named.isExact }
    return numbered(given.positional, given.isExact)
  },
  ModuleList: (given, frame) => list(given, frame),
  ParameterList: (given, frame) => list(given, frame),
  ModuleDict: (given, frame) => dict(given, frame),
  ParameterDict: (given, frame) => dict(given, frame),
}

function list({ positional: [only], keywords }: Arguments, frame: Frame): Parts {
  const held = only ?? keywords.get('modules')
  if (!held) return numbered([], true)
  const elements = elementsOf(held, frame)
  return elements ? numbered(elements.elements, elements.isExact) : { ...numbered([], true), isComplete: false }
}

function dict({ positional: [only] }: Arguments, frame: Frame): Parts {
  const held = contentsOf(only, frame.state)
  if (!only) return numbered([], true)
  return held?.kind === 'table'
    ? { attributes: toMap(held.entries), rest: [], isComplete: held.isExact }
    : { ...numbered([], true), isComplete: false }
}

export function numbered(parts: readonly Value[], isExact: boolean): Parts {
  const isComplete = parts.every(part => part.kind !== 'unknown')
  return isExact
    ? { attributes: new Map(parts.map((part, index) => [String(index), part])), rest: [], isComplete }
    : { attributes: new Map(), rest: parts, isComplete: isComplete && parts.length > 0 }
}

function toMap(entries: ReadonlyMap<string | number, Value>): ReadonlyMap<string, Value> {
  return new Map([...entries].map(([key, value]) => [String(key), value]))
}
