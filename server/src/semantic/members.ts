import type * as ast from '../syntax/ast.ts'
import { type Analysis, union, unionOf, unknownValues, type Values } from './analysis.ts'
import { type Classes, isProperty, isStub, methodKind } from './classes.ts'
import type { AttributeDefinition } from './definitions.ts'
import { memberValues } from './imports.ts'
import type { Value } from './model.ts'
import { anyOrder } from './reaching.ts'

/** The values of attribute `name` of a value. */
export function members(analysis: Analysis, classes: Classes, value: Value, name: string): Values {
  switch (value.kind) {
    case 'symbol':
      return value.module
        ? moduleMembers(analysis, classes, value.module, value.name, name)
        : [{ kind: 'symbol', name: analysis.library.canonical(`${value.name}.${name}`) }]
    case 'instance':
      return typeof value.of === 'string'
        ? importedMembers(analysis, classes, value.of, value.creation, name)
        : ownMembers(analysis, classes, value.of, name, value)
    case 'class':
      return ownMembers(analysis, classes, value.node, name, value)
    case 'expression': {
      const type = builtinType(value.node)
      return type ? [{ kind: 'symbol', name: `builtins.${type}.${name}` }] : unknownValues
    }
    default:
      return unknownValues
  }
}

/** The values of `super().name` in a method of the class. */
export function superMembers(analysis: Analysis, classes: Classes, node: ast.ClassDef, name: string): Values {
  const self: Value = { kind: 'instance', of: node, creation: undefined }
  // What comes next depends on the class of the object.
  return unionOf([node, ...classes.descendants(node)], each => {
    const ancestry = classes.ancestry(each)
    const next = ancestry.classes.slice(ancestry.classes.indexOf(node) + 1)
    return firstInClass(analysis, next, name, self) ?? inherited(analysis, ancestry.imported, ancestry.open, name)
  })
}

/** What a file that is followed binds, and what the analysed file puts in its place: `config.lr = 0.1`. */
function moduleMembers(
  analysis: Analysis,
  classes: Classes,
  module: ast.Module,
  moduleName: string,
  name: string,
): Values {
  const own = memberValues(analysis, module, moduleName, name)
  const replaced = classes.otherAttributeDefinitions(name, undefined)
  return union([own, ...assigned(analysis, replaced, value => value.kind === 'symbol' && value.module === module)])
}

/** An attribute of an instance of an imported class: its own, unless the file has put another one there. */
function importedMembers(
  analysis: Analysis,
  classes: Classes,
  of: string,
  creation: ast.Call | undefined,
  name: string,
): Values {
  const own: Values = [{ kind: 'symbol', name: analysis.library.canonical(`${of}.${name}`) }]
  const replaced = classes.otherAttributeDefinitions(name, creation)
  if (replaced.length === 0) return own
  return union([own, ...assigned(analysis, replaced, value => value.kind === 'instance' && value.of === of)])
}

/** An attribute of a class of the file, or of an instance of it. */
function ownMembers(
  analysis: Analysis,
  classes: Classes,
  node: ast.ClassDef,
  name: string,
  holder: Value & { kind: 'class' | 'instance' },
): Values {
  const ancestry = classes.ancestry(node)
  // Unless the file creates it here, the object (or `cls`) may be of any class derived from this one.
  const exact = holder.kind === 'instance' && holder.creation !== undefined
  const derived = exact ? [] : classes.descendants(node)
  const family = [...ancestry.classes, ...derived]
  const found: Values[] = []
  for (const each of family) {
    for (const definition of classes.attributeDefinitions(each, name))
      found.push(analysis.sourceValues(definition.source))
  }
  found.push(firstInClass(analysis, ancestry.classes, name, holder) ?? [])
  for (const each of derived) found.push(classLevel(analysis, each, name, holder) ?? [])
  found.push(
    ...assigned(analysis, classes.otherAttributeDefinitions(name, node), value =>
      value.kind === 'instance' || value.kind === 'class' ? family.some(each => each === ownClass(value)) : false,
    ),
  )
  if (family.some(each => classes.isDynamic(each))) found.push(unknownValues)
  if (found.some(values => values.length > 0)) return union(found)
  if (family.some(each => analysis.survey(each).scopes.get(each)?.variables.has('__getattr__'))) return unknownValues
  return inherited(analysis, ancestry.imported, ancestry.open, name)
}

/** What the file assigns to this attribute of objects other than `self`, if they may be such an object. */
function assigned(
  analysis: Analysis,
  definitions: readonly AttributeDefinition[],
  matches: (value: Value) => boolean,
): Values[] {
  return definitions.map(definition => {
    const holders = analysis.values(definition.target.value)
    if (holders.some(matches)) return analysis.sourceValues(definition.source)
    return holders.some(holder => holder.kind === 'unknown' || holder.kind === 'parameter') ? unknownValues : []
  })
}

function ownClass(value: Value & { kind: 'class' | 'instance' }): ast.ClassDef | string {
  return value.kind === 'class' ? value.node : value.of
}

/** The attribute as the first of the classes binds it. */
function firstInClass(
  analysis: Analysis,
  classes: readonly ast.ClassDef[],
  name: string,
  holder: Value,
): Values | undefined {
  for (const each of classes) {
    const found = classLevel(analysis, each, name, holder)
    if (found) return found
  }
  return undefined
}

/** What the class body binds, with functions bound to what they are looked up on. */
function classLevel(analysis: Analysis, node: ast.ClassDef, name: string, holder: Value): Values | undefined {
  const variable = analysis.survey(node).scopes.get(node)?.variables.get(name)
  if (!variable) return undefined
  return unionOf(anyOrder(variable).definitions, ({ source }) => {
    if (source.kind === 'function' && isStub(source.node)) return []
    if (source.kind === 'value' && source.annotation && holder.kind === 'instance' && hasFields(node)) {
      return analysis.annotationValues(source.annotation)
    }
    if (source.kind !== 'function') return analysis.sourceValues(source)
    if (holder.kind === 'instance' && isProperty(source.node)) {
      return analysis.returnValues(source.node, undefined)
    }
    return [{ kind: 'function', node: source.node, receiver: receiverOf(source.node, holder) }]
  })
}

/** In a dataclass and its like, `lr: float = 0.1` declares an argument of the constructor and its default. */
function hasFields(node: ast.ClassDef): boolean {
  return node.decorators.length > 0 || node.bases.length > 0
}

function receiverOf(method: ast.FunctionDef, holder: Value): Value | undefined {
  const kind = methodKind(method)
  if (kind === 'static') return undefined
  if (kind === 'instance') return holder.kind === 'instance' ? holder : undefined
  return holder.kind === 'instance' && typeof holder.of !== 'string' ? { kind: 'class', node: holder.of } : holder
}

/** What no class of the file defines comes from the one imported base. */
function inherited(analysis: Analysis, imported: readonly string[], open: boolean, name: string): Values {
  const [only] = imported
  if (only === undefined || imported.length > 1 || open) return unknownValues
  return [{ kind: 'symbol', name: analysis.library.canonical(`${only}.${name}`) }]
}

function builtinType(node: ast.Expression): string | undefined {
  switch (node.kind) {
    case 'List':
    case 'ListComp':
      return 'list'
    case 'Dict':
    case 'DictComp':
      return 'dict'
    case 'Set':
    case 'SetComp':
      return 'set'
    case 'Tuple':
      return 'tuple'
    case 'JoinedStr':
      return 'str'
    case 'Constant':
      return node.type === 'None' ? 'NoneType' : node.type === 'Ellipsis' ? undefined : node.type
    default:
      return undefined
  }
}
