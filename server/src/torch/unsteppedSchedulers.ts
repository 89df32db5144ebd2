/** Schedulers that a script makes and never steps, where it is certain that nobody else can. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isProbe } from './probes.ts'
import { type SchedulerCreation, schedulerCreations } from './schedulers.ts'
import { methodCall } from './usage.ts'

export function unsteppedSchedulers(model: Model): readonly SchedulerCreation[] {
  const creations = schedulerCreations(model)
  if (creations.length === 0 || !trainsWithin(model) || looksUpNames(model)) return []
  return creations.filter(
    ({ call, optimizer }) =>
      optimizer && isStepped(model, nameOf(optimizer)) && !isProbe(model, call) && isUnstepped(model, call),
  )
}

/** Is something of this name stepped, by itself or through a scaler? An optimizer that never is needs no schedule. */
function isStepped(model: Model, optimizer: string | undefined): boolean {
  return model.nodes('Call').some(call => {
    const step = methodCall(call)
    if (step?.method !== 'step') return false
    return [step.receiver, ...call.args].some(each => optimizer !== undefined && nameOf(each) === optimizer)
  })
}

function nameOf(expression: ast.Expression): string | undefined {
  return expression.kind === 'Name' ? expression.id : expression.kind === 'Attribute' ? expression.attr : undefined
}

function isUnstepped(model: Model, call: ast.Call): boolean {
  const { parent } = call
  if (parent?.kind === 'Expr') return true
  if (parent?.kind !== 'Assign' || parent.value !== call || parent.targets.length !== 1) return false
  const [target] = parent.targets
  if (target?.kind === 'Name') return isOnlyRead(model.nodes('Name').filter(({ id }) => id === target.id))
  if (target?.kind !== 'Attribute' || target.value.kind !== 'Name' || target.value.id !== 'self') return false
  return (
    isOnlyRead(model.nodes('Attribute').filter(({ attr }) => attr === target.attr)) && isPrivate(model, classOf(call))
  )
}

/** What a scheduler may be asked without being stepped. */
const questions = new Set(['get_last_lr', 'get_lr', 'last_epoch', 'load_state_dict', 'state_dict'])

/** Is a name only assigned, and asked for what leaves the schedule as it is? */
function isOnlyRead(uses: readonly (ast.Name | ast.Attribute)[]): boolean {
  return uses.every(use => {
    const { parent } = use
    if (parent?.kind === 'Assign') return parent.targets.some(target => target === use)
    return parent?.kind === 'Attribute' && parent.value === use && questions.has(parent.attr)
  })
}

/** Does a class of the file train by itself, inherit nothing, and do its objects stay in this file? */
function isPrivate(model: Model, owner: ast.ClassDef | undefined): boolean {
  if (!owner || owner.keywords.length > 0 || !trainsWithin(model, owner)) return false
  if (owner.bases.some(base => base.kind !== 'Name' || base.id !== 'object')) return false
  const isReceiver = (node: ast.Node) => node.parent?.kind === 'Attribute' && node.parent.value === node
  if (!model.nodes('Name', owner).every(name => name.id !== 'self' || isReceiver(name))) return false
  const names = model.nodes('Name').filter(({ id }) => id === owner.name)
  return names.length > 0 && names.every(name => name.parent?.kind === 'Call' && staysHere(model, name.parent, name))
}

/** Is a new object used where it is made, or under a name that is passed to nobody? */
function staysHere(model: Model, call: ast.Call, name: ast.Name): boolean {
  const { parent } = call
  if (call.func !== name) return false
  if (parent?.kind === 'Attribute' || parent?.kind === 'Expr') return true
  const [target] = parent?.kind === 'Assign' ? parent.targets : []
  if (target?.kind !== 'Name') return false
  const uses = model.nodes('Name').filter(({ id }) => id === target.id)
  return uses.every(use => use === target || (use.parent?.kind === 'Attribute' && use.parent.value === use))
}

function classOf(node: ast.Node): ast.ClassDef | undefined {
  for (let at = node.parent; at; at = at.parent) if (at.kind === 'ClassDef') return at
  return undefined
}

function trainsWithin(model: Model, node?: ast.ClassDef): boolean {
  return model.nodes('Call', node).some(call => methodCall(call)?.method === 'backward')
}

const lookups = new Set(['eval', 'exec', 'getattr', 'globals', 'locals', 'vars'])

/** Does the script find objects by names that it computes? */
function looksUpNames(model: Model): boolean {
  return (
    model.nodes('Name').some(({ id }) => lookups.has(id)) ||
    model.nodes('Attribute').some(({ attr }) => attr === '__dict__')
  )
}
