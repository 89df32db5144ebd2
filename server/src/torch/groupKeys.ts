/** Keys of parameter groups that their optimizer does not know, and nobody reads. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import { editDistance, nearestName } from '../spelling.ts'
import type * as ast from '../syntax/ast.ts'
import { meantParameter, optimizers } from './facts/optimizers.ts'
import { groupDisplays, groupEntry } from './groups.ts'
import { creationsOf, type OptimizerCreation, optimizerCreations } from './optimizers.ts'
import { methodCall, methodCalls } from './usage.ts'

export interface UnknownGroupKey {
  readonly key: ast.Constant
  readonly name: string
  readonly creation: OptimizerCreation
  /** The parameter that is spelled like it, or that it stands for. */
  readonly meant: string | undefined
  /** Is it but a misspelling of `meant`, one edit away? */
  readonly isSlip: boolean
}

/**
 * A key of one's own is no mistake: `lr_scale`, which the script or its scheduler reads back, or `name`. Only what can be
 * meant for the optimizer is: a misspelled parameter, one by another name, and one that another optimizer has.
 */
export function unknownGroupKeys(model: Model): readonly UnknownGroupKey[] {
  const found = new Map<ast.Constant, UnknownGroupKey | undefined>()
  for (const { group, creation, isInline } of groupsOf(model)) {
    if (!groupEntry(model, group, 'params')) continue
    for (const key of group.keys) {
      if (key?.kind !== 'Constant' || typeof key.value !== 'string') continue
      const unknown = unknownKey(model, group, creation, key, key.value)
      const isMeant = unknown && (unknown.meant !== undefined || (isInline && isParameterElsewhere(key.value)))
      // A group that two optimizers share is right if one of them knows the key.
      found.set(key, found.has(key) && !found.get(key) ? undefined : isMeant ? unknown : undefined)
    }
  }
  const all = [...found.values()].flatMap(one => one ?? [])
  return all.sort((a, b) => a.key.start - b.key.start)
}

interface Group {
  readonly group: ast.Dict
  readonly creation: OptimizerCreation
  /** It is written in the call, so no other optimizer gets it. */
  readonly isInline: boolean
}

function groupsOf(model: Model): readonly Group[] {
  const created = optimizerCreations(model).flatMap(creation => {
    const { parameters, call } = creation
    if (!parameters) return []
    const groups = [...groupDisplays(model, parameters), ...appended(model, parameters)]
    return groups.map(group => ({ group, creation, isInline: call.start < group.start && group.end < call.end }))
  })
  const added = model.nodes('Call').flatMap(call => {
    const method = methodCall(call)
    const [group] = call.args
    if (method?.method !== 'add_param_group' || group?.kind !== 'Dict') return []
    return (creationsOf(model, method.receiver) ?? []).map(creation => ({ group, creation, isInline: true }))
  })
  return [...created, ...added]
}

/** `groups.append({'params': …})`. */
function appended(model: Model, parameters: ast.Expression): readonly ast.Dict[] {
  if (parameters.kind !== 'Name' && parameters.kind !== 'Attribute') return []
  return methodCalls(model, parameters).flatMap(({ method, call: { args } }) =>
    method === 'append' && args[0]?.kind === 'Dict' ? [args[0]] : [],
  )
}

function unknownKey(
  model: Model,
  group: ast.Dict,
  creation: OptimizerCreation,
  key: ast.Constant,
  name: string,
): UnknownGroupKey | undefined {
  const names = creation.fact.parameters.map(parameter => parameter.name)
  if (names.includes(name) || isMentioned(model, name)) return undefined
  // Single letters and `lr` are near to too much.
  const near = nearestName(
    name,
    names.filter(candidate => candidate.length > 2),
  )
  const known = meantParameter(name)
  const meant =
    known && names.includes(known)
      ? known
      : near && editDistance(name, near) <= (name.length < 6 ? 1 : 2)
        ? near
        : undefined
  const isFree = meant !== undefined && !groupEntry(model, group, meant)
  return {
    key,
    name,
    creation,
    meant: isFree ? meant : undefined,
    isSlip: isFree && (meant === known || editDistance(name, meant) === 1),
  }
}

/** A parameter of another optimizer, such as the momentum of SGD in a group of Adam. */
function isParameterElsewhere(name: string): boolean {
  return (
    name.length > 1 && Object.values(optimizers).some(({ parameters }) => parameters.some(each => each.name === name))
  )
}

/** Does the script name the key anywhere but in a dict's display, as it must to read it? */
function isMentioned(model: Model, name: string): boolean {
  return nodesRun(model, 'Constant').some(node => {
    if (node.value !== name) return false
    const { parent } = node
    return parent?.kind !== 'Dict' || !parent.keys.includes(node)
  })
}
