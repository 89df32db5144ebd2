/**
 * Layers and parameters that a module keeps in a plain list or dict and registers nowhere. Whatever else happens to the
 * container, other than growing and being read layer by layer, may register them, and then nothing is concluded.
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { chainableMethods } from './facts/modules.ts'
import { learns } from './learnables.ts'
import { lineageOf, methodOf, moduleClasses } from './moduleClasses.ts'

export interface UnregisteredSubmodules {
  readonly target: ast.Attribute
  /** What is assigned to it. */
  readonly value: ast.Expression
  readonly holds: 'modules' | 'parameters'
  /** The keys of a dict; undefined for a list. */
  readonly keys: readonly (ast.Expression | undefined)[] | undefined
}

export function unregisteredSubmodules(model: Model): readonly UnregisteredSubmodules[] {
  return moduleClasses(model).flatMap(({ node }) => {
    if (node.broken || registersByHand(model, node) || derivesFromElsewhere(model, node)) return []
    return model.nodes('Assign', node).flatMap(statement => unregistered(model, node, statement) ?? [])
  })
}

function unregistered(model: Model, owner: ast.ClassDef, statement: ast.Assign): UnregisteredSubmodules | undefined {
  const [target] = statement.targets
  if (statement.targets.length !== 1 || target?.kind !== 'Attribute' || !isSelf(target.value)) return undefined
  if (enclosingClass(target) !== owner) return undefined
  const origin = displayOf(model, statement.value)
  const first = origin && elementsOf(origin.display)
  if (!origin || !first) return undefined
  const uses = [...usesOfAttribute(model, owner, target), ...origin.aliases]
  const found = uses.map(use => (use === target || use === statement.value ? [] : addedBy(model, use)))
  const added = found.filter(each => each !== undefined).flat()
  const elements = [...first.values, ...added.map(({ value }) => value)]
  if (added.length < found.flat().length || found.includes(undefined) || elements.length === 0) return undefined
  // One module in a list, `[teacher]`, is the usual way to keep it out of `parameters()` on purpose.
  if (elements.length === 1 && added.length === 0 && !first.repeats) return undefined
  const kinds = new Set(elements.map(element => learns(model, element)))
  const [holds] = kinds
  if (kinds.size !== 1 || !holds) return undefined
  if (origin.display !== statement.value && added.some(({ value }) => value.start > statement.start)) return undefined
  const keys = first.keys && [...first.keys, ...added.map(({ key }) => key)]
  return { target, value: statement.value, holds, keys }
}

/** The display that is assigned, itself or through a local name that was bound once. */
function displayOf(model: Model, value: ast.Expression) {
  if (value.kind !== 'Name') return { display: value, aliases: [] as readonly ast.Name[] }
  const [display, ...others] = model.sources(value)
  if (!display || others.length > 0 || display.parent?.kind !== 'Assign') return undefined
  const scope = model.scope(value)
  const aliases = model
    .nodes('Name', scope.kind === 'Module' ? undefined : scope)
    .filter(name => name.id === value.id && name.parent !== display.parent)
  return { display, aliases }
}

function elementsOf(display: ast.Expression) {
  switch (display.kind) {
    case 'List':
      return { values: display.elements, keys: undefined, repeats: false }
    case 'ListComp':
      return { values: [display.element], keys: undefined, repeats: true }
    case 'Dict':
      return { values: display.values, keys: display.keys, repeats: true }
    case 'DictComp':
      return { values: [display.value], keys: [display.key], repeats: true }
    default:
      return undefined
  }
}

interface Added {
  readonly key: ast.Expression | undefined
  readonly value: ast.Expression
}

/** What a use adds to the container; undefined if it may do anything else than grow and be read layer by layer. */
function addedBy(model: Model, use: ast.Expression): readonly Added[] | undefined {
  const { parent } = use
  if (parent?.kind === 'Attribute') {
    const call = parent.parent
    if (call?.kind !== 'Call' || call.func !== parent) return undefined
    const [value] = call.args
    if (parent.attr === 'append') return value && isWithoutName(value) ? [{ key: undefined, value }] : undefined
    return /^(?:items|keys|values)$/.test(parent.attr) ? readBy(model, call) : undefined
  }
  if (parent?.kind === 'Subscript' && parent.value === use) {
    const store = parent.parent
    if (store?.kind === 'Assign' && store.targets.length === 1 && store.targets[0] === parent)
      return isWithoutName(store.value) ? [{ key: parent.slice, value: store.value }] : undefined
    return store?.kind === 'Call' && store.func === parent ? [] : undefined
  }
  return readBy(model, use)
}

/** A module that has no other name cannot be registered by one. */
function isWithoutName(value: ast.Expression): boolean {
  return value.kind === 'Call'
}

const readers = new Set(['enumerate', 'len', 'reversed', 'zip'])

function readBy(model: Model, use: ast.Expression): readonly Added[] | undefined {
  const { parent } = use
  if (parent?.kind === 'Call' && parent.func.kind === 'Name' && readers.has(parent.func.id))
    return parent.func.id === 'len' ? [] : readBy(model, parent)
  const isLoop = (parent?.kind === 'For' || parent?.kind === 'Comprehension') && parent.iter === use
  const repeated = parent?.kind === 'Comprehension' ? parent.parent : parent
  return isLoop && repeated && !handsOn(model, repeated) ? [] : undefined
}

/** Does a loop over the layers do for them what their module would do, if it knew them? */
function handsOn(model: Model, loop: ast.Node): boolean {
  return model.nodes('Attribute', loop).some(({ attr }) => chainableMethods.has(attr) || /param|state_dict/.test(attr))
}

/** Every `self.layers` of the class; and every `.layers` elsewhere that may be of such an object. */
function usesOfAttribute(model: Model, owner: ast.ClassDef, { attr }: ast.Attribute): readonly ast.Attribute[] {
  return model.nodes('Attribute').filter(node => node.attr === attr && !isOfAnother(model, owner, node))
}

/** `self.layers` in a class that neither derives from this one nor it from that. */
function isOfAnother(model: Model, owner: ast.ClassDef, node: ast.Attribute): boolean {
  const other = enclosingClass(node)
  if (!isSelf(node.value) || !other || other === owner) return false
  const related = [owner, other].some(({ bases }) =>
    bases.some(base => model.values(base).some(value => value.kind !== 'symbol')),
  )
  return !related
}

/** By another way than assigning it to an attribute, or by keeping books of its own. */
function registersByHand(model: Model, node: ast.ClassDef): boolean {
  return (
    model
      .nodes('Attribute', node)
      .some(({ attr }) => /^(?:add_module|register_\w+|_modules|_parameters|__dict__|__setattr__)$/.test(attr)) ||
    model.nodes('Name', node).some(({ id }) => id === 'setattr') ||
    ownBooks.some(name => methodOf(node, name) !== undefined)
  )
}

const ownBooks = ['_apply', 'cuda', 'named_parameters', 'parameters', 'state_dict', 'to', '__setattr__', '__getattr__']

/** A base class in another file may register what its derived classes keep. */
const derivesFromElsewhere = (model: Model, node: ast.ClassDef): boolean =>
  lineageOf(model, node).some(each => model.moduleOf(each) !== model.module)

function isSelf(expression: ast.Expression): boolean {
  return expression.kind === 'Name' && expression.id === 'self'
}

function enclosingClass(node: ast.Node): ast.ClassDef | undefined {
  for (let at = node.parent; at; at = at.parent) if (at.kind === 'ClassDef') return at
  return undefined
}
