/** `named_parameters()` and `named_modules()` of a module that was made. */
import { contentsOf, type Identity, type Instance, instanceOf, optionsOf, type State, type Value } from './values.ts'

type Named = readonly (readonly [name: string, value: Value])[]

/**
 * The parameters with their names, each once, in PyTorch's order: a module's own before those of its parts. Parts whose
 * number is not known go by `*`. Undefined where something may be missing, or may not be there.
 */
export function parametersWithin(instance: Instance, state: State): Named | undefined {
  return collect(instance, '', state, new Set())
}

function collect(instance: Instance, prefix: string, state: State, seen: Set<Identity>): Named | undefined {
  if (!instance.isComplete || instance.isChanged) return undefined
  const own: (readonly [string, Value])[] = []
  const parts: (readonly [string, Value])[] = []
  for (const [name, value] of instance.attributes) {
    const kinds = new Set(optionsOf(value).map(option => contentsOf(option, state)?.kind))
    if (kinds.has('parameter')) {
      if (kinds.size > 1) return undefined
      if (value.kind !== 'object' || seen.has(value.identity)) continue
      seen.add(value.identity)
      own.push([prefix + name, value])
    } else if (kinds.has('instance')) parts.push([name, value])
  }
  if (instance.rest.length > 0 && parts.length > 0 && instance.rest.some(part => !isBare(part, state))) return undefined
  const held: (readonly [string, Value])[] = []
  for (const [name, value] of [...parts, ...instance.rest.map(part => ['*', part] as const)]) {
    const inner = ofPart(value, `${prefix}${name}.`, state, seen)
    if (!inner) return undefined
    held.push(...inner)
  }
  const areMixed = instance.rest.filter(part => !isBare(part, state)).length > 1
  return areMixed ? undefined : [...own, ...held]
}

function ofPart(value: Value, prefix: string, state: State, seen: Set<Identity>): Named | undefined {
  const lists = optionsOf(value).map(option => {
    const instance = instanceOf(option, state)
    if (!instance?.isModule) return option.kind === 'unknown' ? undefined : []
    if (option.kind !== 'object' || seen.has(option.identity)) return []
    seen.add(option.identity)
    return collect(instance, prefix, state, seen)
  })
  const [first, ...others] = lists
  if (!first || others.some(other => !other)) return undefined
  return others.every(other => other && areAlike(first, other, state)) ? first : undefined
}

/** Has it no parameters for certain? */
function isBare(value: Value, state: State): boolean {
  return ofPart(value, '', state, new Set())?.length === 0
}

/** One norm layer or another: the names and dimensions agree. */
function areAlike(a: Named, b: Named, state: State): boolean {
  return (
    a.length === b.length &&
    a.every(([name, value], index) => {
      const [otherName, other] = b[index] ?? []
      const [one, two] = [contentsOf(value, state), contentsOf(other, state)]
      return (
        name === otherName &&
        one?.kind === 'parameter' &&
        two?.kind === 'parameter' &&
        one.dimensions === two.dimensions
      )
    })
  )
}

/** The module itself, under the empty name, and those in it; undefined where they are not all known. */
export function modulesWithin(root: Value, state: State): Named | undefined {
  const found: (readonly [string, Value])[] = []
  const seen = new Set<Identity>()
  const visit = (value: Value, name: string): boolean => {
    const instance = instanceOf(value, state)
    if (!instance?.isModule || value.kind !== 'object' || seen.has(value.identity)) return value.kind !== 'either'
    seen.add(value.identity)
    found.push([name, value])
    if (!instance.isComplete || instance.rest.length > 0) return false
    return [...instance.attributes].every(([key, part]) => visit(part, name === '' ? key : `${name}.${key}`))
  }
  return visit(root, '') ? found : undefined
}
