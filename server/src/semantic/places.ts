import type * as ast from '../syntax/ast.ts'
import type { Analysis, CallSites, Values } from './analysis.ts'
import { boundArgument } from './arguments.ts'
import { isProperty, ownerOfSelf } from './classes.ts'
import type { AttributeDefinition, Source } from './definitions.ts'
import { displayOf, elementAt } from './elements.ts'
import { importedBy, memberOf } from './imports.ts'
import { literalKey } from './literals.ts'
import type { Literal, Place, Scope, Value } from './model.ts'
import type { PlaceTable } from './placeTable.ts'
import { receiverValues } from './refine.ts'
import type { Variable } from './scopes.ts'
import { superOwner } from './supers.ts'

export interface Places {
  place(expression: ast.Expression): Place | undefined
}

/** An answer that is remembered, where there may be none. */
type Answer = { readonly place: Place | undefined }
const nowhere: Answer = { place: undefined }

export function createPlaces(
  analysis: Analysis,
  table: PlaceTable,
  constant: (expression: ast.Expression) => Literal | undefined,
): Places {
  const answerOf = analysis.memoise(nowhere, (expression: ast.Expression): Answer => ({ place: placeOf(expression) }))
  const denotedByVariable = analysis.memoise(nowhere, (variable: Variable): Answer => {
    const only = onlyObject(variable.definitions)
    return { place: only && definedPlace(only.source, variable) }
  })

  function place(expression: ast.Expression): Place | undefined {
    return answerOf(expression).place
  }

  function placeOf(node: ast.Expression): Place | undefined {
    switch (node.kind) {
      case 'Name':
        return namePlace(node)
      case 'Attribute':
        return attributePlace(node)
      case 'Subscript':
        return elementPlace(node)
      case 'Call':
        return callPlace(node)
      case 'NamedExpr':
        return place(node.target)
      default:
        return undefined
    }
  }

  function namePlace(node: ast.Name): Place | undefined {
    const variable = analysis.names.variable(node)
    if (variable) return variablePlace(variable)
    const [value, ...others] = analysis.values(node)
    return value?.kind === 'symbol' && others.length === 0 ? table.symbol(value.name) : undefined
  }

  /** Of a variable with one definition, what that denotes; of any other, the variable itself. */
  function variablePlace(variable: Variable): Place {
    return denotedByVariable(variable).place ?? table.variable(variable)
  }

  function definedPlace(source: Source, variable: Variable): Place | undefined {
    switch (source.kind) {
      case 'import': {
        const imported = importedBy(analysis, source)
        return imported?.kind === 'variable'
          ? variablePlace(imported.variable)
          : table.symbol(analysis.library.canonical(source.name))
      }
      case 'parameter': {
        const definition = analysis.survey(source.parameter).definitionAt.get(source.parameter)
        const owner = definition && ownerOfSelf(analysis, definition)
        if (owner) return owner.kind === 'instance' ? selfPlace(owner.node) : undefined
        return table.parameter(source.function, source.parameter.name)
      }
      case 'value': {
        const denoted = denotedBy(source)
        return denoted && isLasting(denoted, variable) ? denoted : undefined
      }
      default:
        return undefined
    }
  }

  /** The place of what an assignment assigns, where it can be told. */
  function denotedBy(source: Source): Place | undefined {
    if (source.kind !== 'value') return undefined
    let expression: ast.Expression | undefined = source.expression
    for (const step of source.path) {
      if (step.kind === 'enter') return enteredPlace(source.expression, analysis.sourceValues(source))
      if (step.kind === 'iterate' || expression === undefined) return undefined
      if (expression.kind !== 'Tuple' && expression.kind !== 'List') return undefined
      if (expression.elements.length !== step.count) return undefined
      expression = elementAt(analysis, expression, step.index)
    }
    return expression && place(expression)
  }

  /** `with Trainer() as trainer`, where `__enter__` returns the object itself. */
  function enteredPlace(context: ast.Expression, entered: Values): Place | undefined {
    const [value, ...others] = entered
    return value?.kind === 'instance' && value.creation && value.creation === context && others.length === 0
      ? table.creation(value.creation)
      : undefined
  }

  /** An alias holds what another variable held at one moment: it follows those only that are bound once. */
  function isLasting(denoted: Place, alias: Variable): boolean {
    if (denoted.kind === 'attribute') return !isAssignedIn(denoted.name, alias.scope)
    if (denoted.kind !== 'variable') return true
    if (denoted.scope === alias.scope && denoted.name === alias.name) return false
    const variable = analysis.survey(denoted.scope).scopes.get(denoted.scope)?.variables.get(denoted.name)
    return variable !== undefined && onlyObject(variable.definitions) !== undefined
  }

  /** `old = self.opt` is another object than `self.opt` if the function goes on to replace that. */
  function isAssignedIn(attribute: string, scope: Scope): boolean {
    const definitions = analysis.survey(scope).attributeDefinitions.get(attribute) ?? []
    return definitions.some(definition => definition.site === scope && givesObject(definition.source))
  }

  function callPlace(node: ast.Call): Place | undefined {
    const owner = superOwner(analysis, node)
    if (owner) return selfPlace(owner)
    if (analysis.values(node).every(value => isMadeBy(value, node))) return table.creation(node)
    // `model.to(device)` is the model.
    const [callee] = analysis.values(node.func)
    const isSelf = callee?.kind === 'symbol' && analysis.library.returns(callee.name) === 'self'
    return isSelf && node.func.kind === 'Attribute' ? place(node.func.value) : undefined
  }

  function attributePlace(node: ast.Attribute): Place | undefined {
    const owner = superOwner(analysis, node.value)
    if (owner) return ownAttribute(owner, node.attr)
    const base = place(node.value)
    const [value, ...others] = receiverValues(analysis, node.value)
    if (others.length === 0) {
      const member = value?.kind === 'symbol' && value.module && memberOf(analysis, value.module, node.attr)
      if (member && member.kind === 'variable') return variablePlace(member.variable)
      if (value?.kind === 'symbol' && base?.kind === 'symbol') {
        return table.symbol(analysis.library.canonical(`${value.name}.${node.attr}`))
      }
      if (value?.kind === 'class') return classAttribute(value.node, node.attr)
      if (value?.kind === 'instance' && typeof value.of !== 'string') {
        if (base && base === selfPlace(value.of)) return ownAttribute(value.of, node.attr)
      }
    }
    return base && table.attribute(base, node.attr)
  }

  function classAttribute(node: ast.ClassDef, name: string): Place | undefined {
    for (const each of analysis.classes.ancestry(node).classes) {
      const variable = analysis.survey(each).scopes.get(each)?.variables.get(name)
      if (variable) return variablePlace(variable)
    }
    return undefined
  }

  /** The only object of its class is what `self` is in the methods; of several, `self` is any. */
  function selfPlace(node: ast.ClassDef): Place {
    const { calls, complete } = familyCreations(node)
    const [only, ...others] = calls
    return only && complete && others.length === 0 ? table.creation(only) : table.self(node)
  }

  function familyCreations(node: ast.ClassDef): CallSites {
    const sites = [node, ...analysis.classes.descendants(node)].map(each => analysis.creations(each))
    return { calls: sites.flatMap(each => each.calls), complete: sites.every(each => each.complete) }
  }

  /** `self.name`, the same for every class of a family that shares the attribute. */
  function ownAttribute(node: ast.ClassDef, name: string): Place | undefined {
    const ancestors = analysis.classes.ancestry(node).classes
    const inherited = ancestors.filter(each => analysis.classes.attributeDefinitions(each, name).length > 0)
    const owner = inherited.at(-1)
    if (!owner) return inClassBody(ancestors, name) ?? table.attribute(selfPlace(node), name)
    const family = [...analysis.classes.ancestry(owner).classes, ...analysis.classes.descendants(owner)]
    const own = table.attribute(selfPlace(owner), name)
    if (family.some(each => analysis.classes.isDynamic(each))) return own
    // Nobody knows how many objects of a class of another file there are.
    if (analysis.file(owner) !== analysis.main) return own
    const elsewhere = analysis.classes.otherAttributeDefinitions(name, owner)
    const only = onlyObject(family.flatMap(each => analysis.classes.attributeDefinitions(each, name)))
    // What several objects create each for themselves is not one object.
    if (!only || elsewhere.length > 0 || familyCreations(owner).calls.length > 1) return own
    return assignedPlace(only) ?? own
  }

  /** What the one assignment of an attribute gives it, if that outlives the method. */
  function assignedPlace({ source }: AttributeDefinition): Place | undefined {
    const denoted = denotedBy(source)
    switch (denoted?.kind) {
      case 'creation':
      case 'symbol':
        return denoted
      case 'variable':
        return denoted.scope.kind === 'Module' ? denoted : undefined
      case 'attribute':
        return rootOf(denoted).kind === 'parameter' ? undefined : denoted
      case 'parameter':
        return passedPlace(denoted.function, denoted.name)
      default:
        return undefined
    }
  }

  /** What the only call of a constructor passes. */
  function passedPlace(node: ast.FunctionLike, name: string): Place | undefined {
    const { calls, complete } = analysis.callSites(node)
    const [call, ...others] = calls
    const parameter = node.parameters.find(each => each.name === name)
    if (!call || !complete || others.length > 0 || !parameter || !isConstructor(node)) return undefined
    const argument = boundArgument(call, node, parameter, true)
    const passed = argument.kind === 'given' ? place(argument.value) : undefined
    if (passed?.kind === 'variable') return passed.scope.kind === 'Module' ? passed : undefined
    return passed?.kind === 'creation' || passed?.kind === 'symbol' ? passed : undefined
  }

  function isConstructor(node: ast.FunctionLike): boolean {
    return node.kind === 'FunctionDef' && node.name === '__init__' && analysis.scope(node).kind === 'ClassDef'
  }

  /** An attribute that the class body binds; a property is what its getter returns. */
  function inClassBody(ancestors: readonly ast.ClassDef[], name: string): Place | undefined {
    for (const each of ancestors) {
      const variable = analysis.survey(each).scopes.get(each)?.variables.get(name)
      const source = variable && onlyObject(variable.definitions)?.source
      if (source?.kind === 'function' && isProperty(source.node)) {
        const [returned, ...others] = analysis.nodes('Return', source.node)
        return returned?.value && others.length === 0 ? place(returned.value) : undefined
      }
      if (source?.kind === 'annotation' || source?.kind === 'function') return undefined
      if (variable) return variablePlace(variable)
    }
    return undefined
  }

  function elementPlace(node: ast.Subscript): Place | undefined {
    const index = literalKey(node.slice) ?? constant(node.slice)
    if (typeof index !== 'string' && typeof index !== 'number') return undefined
    const [container, ...others] = analysis.values(node.value)
    const display = container && others.length === 0 ? displayOf(container) : undefined
    if (display) {
      const element = elementAt(analysis, display, index)
      const denoted = element && place(element)
      if (denoted) return denoted
    }
    const base = place(node.value)
    return base && table.element(base, index)
  }

  return { place }
}

function isMadeBy(value: Value, call: ast.Call): boolean {
  return value.kind === 'instance' ? value.creation === call : value.kind === 'result' && value.call === call
}

function rootOf(place: Place): Place {
  return place.kind === 'attribute' || place.kind === 'element' ? rootOf(place.base) : place
}

/** The one definition that gives an object; None, bare annotations and `del` do not. */
function onlyObject<T extends { readonly source: Source }>(definitions: readonly T[]): T | undefined {
  const objects = definitions.filter(({ source }) => givesObject(source))
  const [only, ...others] = objects.length > 0 ? objects : definitions
  return others.length === 0 ? only : undefined
}

function givesObject(source: Source): boolean {
  if (source.kind === 'annotation' || source.kind === 'deleted') return false
  return !(source.kind === 'value' && source.expression.kind === 'Constant' && source.expression.type === 'None')
}
