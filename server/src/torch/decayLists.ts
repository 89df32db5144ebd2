/** Which parameters an optimizer decays, by name: what its groups come to when the script has built them. */
import { nodesRun } from '../semantic/followed.ts'
import type { Literal, Model } from '../semantic/model.ts'
import { partsOf } from './architecture/members.ts'
import { parametersWithin } from './architecture/parameters.ts'
import { observed } from './architecture/scopes.ts'
import { contentsOf, type Identity, instanceOf, literalOf, type State, type Value } from './architecture/values.ts'
import { visibleDefault } from './defaults.ts'
import type { OptimizerCreation } from './optimizers.ts'
import { uniformDecay } from './weightDecay.ts'

/** Names as in `named_parameters()`; a part whose number is not known goes by `*`. */
export interface DecayLists {
  readonly decayed: readonly string[]
  readonly notDecayed: readonly string[]
}

export interface Decay extends DecayLists {
  /** What each group holds, in order; one where there are none. */
  readonly groups: readonly { readonly names: readonly string[]; readonly decays: boolean }[]
  /** Where all decay alike: what the two groups of the fix of optimizer/bias-decay hold. */
  readonly split: DecayLists | undefined
}

/** Undefined where the parameters, their names or the groups are not all certain. */
export function decayLists(model: Model, creation: OptimizerCreation): Decay | undefined {
  if (changesLater(model)) return undefined
  const seen = observed(model, creation.call)
  if (!seen) return undefined
  const { given, state } = seen
  const parameters = given.positional[0] ?? given.keywords.get('params')
  const groups = parameters && groupsOf(parameters, defaultDecay(model, creation), state)
  if (!groups) return undefined
  const names = namesOf(
    groups.flatMap(({ held }) => held),
    state,
  )
  const described = groups.map(({ held, decays }) => held.map(value => ({ ...describe(value, names, state), decays })))
  const entries = described.flat()
  if (entries.some(({ name }) => name === undefined)) return undefined
  const uniform = uniformDecay(model, creation) && groups.length === 1
  return {
    ...lists(entries, ({ decays }) => decays),
    groups: described.map((held, index) => ({
      names: held.flatMap(({ name }) => name ?? []),
      decays: groups[index]?.decays ?? false,
    })),
    split:
      uniform && entries.every(({ dimensions }) => dimensions !== undefined)
        ? lists(entries, ({ dimensions }) => (dimensions ?? 0) >= 2)
        : undefined,
  }
}

interface Entry {
  readonly name: string | undefined
  readonly dimensions: number | undefined
  readonly decays: boolean
}

function lists(entries: readonly Entry[], isDecayed: (entry: Entry) => boolean): DecayLists {
  const names = (those: readonly Entry[]) => those.flatMap(({ name }) => name ?? [])
  return { decayed: names(entries.filter(isDecayed)), notDecayed: names(entries.filter(each => !isDecayed(each))) }
}

/** A parameter that is frozen does not decay, one that joins later does; the text shows neither. */
function changesLater(model: Model): boolean {
  return nodesRun(model, 'Attribute').some(({ attr, parent }) => {
    if (attr === 'add_param_group' || attr === 'requires_grad_') return parent?.kind === 'Call'
    return (
      attr === 'requires_grad' &&
      (parent?.kind === 'Assign' || parent?.kind === 'AnnAssign') &&
      parent.value?.kind !== 'Attribute'
    )
  })
}

interface Group {
  readonly held: readonly Value[]
  readonly decays: boolean
}

function groupsOf(parameters: Value, otherwise: boolean | undefined, state: State): readonly Group[] | undefined {
  const list = contentsOf(parameters, state)
  if (list?.kind !== 'sequence' || !list.isExact || list.elements.length === 0) return undefined
  const tables = list.elements.map(element => contentsOf(element, state))
  if (tables.every(table => table?.kind === 'parameter'))
    return otherwise === undefined ? undefined : [{ held: list.elements, decays: otherwise }]
  const groups = tables.map(table => {
    if (table?.kind !== 'table' || !table.isExact) return undefined
    const held = contentsOf(table.entries.get('params'), state)
    const decay = table.entries.get('weight_decay')
    const decays = decay ? isNonZero(literalOf(decay, state)) : otherwise
    const isList = held?.kind === 'sequence' && held.isExact
    return isList && decays !== undefined ? { held: held.elements, decays } : undefined
  })
  return groups.every(group => group !== undefined) ? groups : undefined
}

/** A decay that is computed, or given on the command line, is taken to be one. */
function isNonZero(decay: Literal | undefined): boolean {
  return decay !== 0 && decay !== false
}

/** Does what says nothing else decay? */
function defaultDecay(model: Model, { call, fact }: OptimizerCreation): boolean | undefined {
  const parameter = fact.parameters.find(({ name }) => name === 'weight_decay')
  if (!parameter) return false
  const argument = model.argument(call, 'weight_decay', parameter.position)
  if (argument.kind === 'unknown') return undefined
  return argument.kind === 'given' ? isNonZero(visibleDefault(model, argument.value)) : Number(parameter.default) > 0
}

/**
 * The names of parameters, as the outermost module that holds them calls them; where there are several
 * such modules, behind the name of its variable; one that no variable holds gives none.
 */
function namesOf(parameters: readonly Value[], state: State): ReadonlyMap<Identity, string> {
  const inner = new Set<Identity>()
  for (const contents of state.heap.values())
    if (contents.kind === 'instance' && contents.isModule)
      for (const value of [...partsOf(contents, state).map(({ value }) => value), ...contents.rest])
        if (value.kind === 'object') inner.add(value.identity)
  const wanted = new Set(parameters.flatMap(value => (value.kind === 'object' ? [value.identity] : [])))
  const roots = [...state.heap.keys()].flatMap(identity => {
    const instance = inner.has(identity) ? undefined : instanceOf({ kind: 'object', identity }, state)
    const held = instance?.isModule ? parametersWithin(instance, state) : undefined
    const isWanted = held?.some(([, value]) => value.kind === 'object' && wanted.has(value.identity))
    return held && isWanted ? [{ identity, held }] : []
  })
  const names = new Map<Identity, string>()
  for (const { identity, held } of roots) {
    const [variable] =
      [...state.locals].find(([, value]) => value.kind === 'object' && value.identity === identity) ?? []
    if (roots.length > 1 && variable === undefined) continue
    const prefix = roots.length > 1 ? `${variable}.` : ''
    for (const [name, value] of held)
      if (value.kind === 'object' && !names.has(value.identity)) names.set(value.identity, prefix + name)
  }
  return names
}

function describe(value: Value, names: ReadonlyMap<Identity, string>, state: State): Omit<Entry, 'decays'> {
  const contents = contentsOf(value, state)
  return {
    name: value.kind === 'object' ? names.get(value.identity) : undefined,
    dimensions: contents?.kind === 'parameter' ? contents.dimensions : undefined,
  }
}
