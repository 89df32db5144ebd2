/** Objects that a script makes and only asks: nothing else in it, and nobody outside, can do more with them. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { methodCall } from './usage.ts'

/**
 * Is the new object only assigned, asked for one of these attributes, and passed where it is harmless? For an attribute of
 * `self` the objects of the class may not leave the file either.
 */
export function isOnlyAsked(
  model: Model,
  creation: ast.Call,
  questions: ReadonlySet<string>,
  isHarmless: (argument: ast.Expression) => boolean = () => false,
): boolean {
  const { parent } = creation
  if (parent?.kind === 'Expr') return true
  if (parent?.kind !== 'Assign' || parent.value !== creation || parent.targets.length !== 1) return false
  const [target] = parent.targets
  const areAsked = (uses: readonly (ast.Name | ast.Attribute)[]): boolean =>
    uses.every(use => isQuestion(use, questions) || isHarmless(use))
  if (target?.kind === 'Name') return areAsked(model.nodes('Name').filter(({ id }) => id === target.id))
  if (target?.kind !== 'Attribute' || target.value.kind !== 'Name' || target.value.id !== 'self') return false
  return (
    areAsked(model.nodes('Attribute').filter(({ attr }) => attr === target.attr)) && isPrivate(model, classOf(creation))
  )
}

function isQuestion(use: ast.Name | ast.Attribute, questions: ReadonlySet<string>): boolean {
  const { parent } = use
  if (parent?.kind === 'Assign') return parent.targets.some(target => target === use)
  return parent?.kind === 'Attribute' && parent.value === use && questions.has(parent.attr)
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

export function trainsWithin(model: Model, node?: ast.ClassDef): boolean {
  return model.nodes('Call', node).some(call => methodCall(call)?.method === 'backward')
}

const lookups = new Set(['eval', 'exec', 'getattr', 'globals', 'locals', 'vars'])

/** Does the script find objects by names that it computes? */
export function looksUpNames(model: Model): boolean {
  return (
    model.nodes('Name').some(({ id }) => lookups.has(id)) ||
    model.nodes('Attribute').some(({ attr }) => attr === '__dict__')
  )
}
