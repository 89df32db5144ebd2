import type * as ast from '../syntax/ast.ts'
import { type Analysis, type CallSites, unionOf, unknownValues, type Values } from './analysis.ts'
import { boundArgument } from './arguments.ts'
import { hasTransparentDecorators, isBoundCall } from './calls.ts'
import { ownerOfSelf } from './classes.ts'
import { promised } from './refine.ts'
import { superOwner } from './supers.ts'

/** What a parameter may be: the receiver, or what the file's own calls pass. */
export function parameterValues(analysis: Analysis, node: ast.FunctionLike, parameter: ast.Parameter): Values {
  const definition = analysis.survey(parameter).definitionAt.get(parameter)
  const owner = definition && ownerOfSelf(analysis, definition)
  if (owner) {
    if (owner.kind === 'class') return [{ kind: 'class', node: owner.node }]
    return [{ kind: 'instance', of: owner.node, creation: undefined }]
  }
  if (parameter.mode === 'variadic') return [{ kind: 'instance', of: 'builtins.tuple', creation: undefined }]
  if (parameter.mode === 'keyword-variadic') return [{ kind: 'instance', of: 'builtins.dict', creation: undefined }]
  const values = passedValues(analysis, node, parameter)
  return parameter.annotation ? promised(analysis, values, parameter.annotation) : values
}

function passedValues(analysis: Analysis, node: ast.FunctionLike, parameter: ast.Parameter): Values {
  const { calls, complete } = analysis.callSites(node)
  if (calls.length === 0) return [{ kind: 'parameter', function: node, parameter }]
  const passed: (ast.Call | undefined)[] = complete ? [...calls] : [...calls, undefined]
  return unionOf(passed, call => {
    if (!call) return unknownValues
    const argument = boundArgument(call, node, parameter, isBoundCall(analysis, call, node))
    if (argument.kind === 'given') return analysis.values(argument.value)
    return argument.kind === 'absent' && parameter.default ? analysis.values(parameter.default) : unknownValues
  })
}

const elsewhere: CallSites = { calls: [], complete: false }

/** The calls of a function in its file. */
export function callSitesOf(analysis: Analysis, node: ast.FunctionLike): CallSites {
  if (node.kind === 'Lambda') {
    const holder = node.parent
    return holder?.kind === 'Assign' && holder.targets.length === 1 && holder.targets[0]?.kind === 'Name'
      ? usesAsCalls(analysis, holder.targets[0], node)
      : elsewhere
  }
  const scope = analysis.scope(node)
  const sites = scope.kind === 'ClassDef' ? methodSites(analysis, scope, node) : usesAsCalls(analysis, node, node)
  return sites.complete && !hasTransparentDecorators(analysis, node) ? { ...sites, complete: false } : sites
}

/** The calls of a class by its name. */
export function creationsOf(analysis: Analysis, node: ast.ClassDef): CallSites {
  return usesAsCalls(analysis, node, node)
}

/** A function is called where its name is; any other use of the name hands it on. */
function usesAsCalls(analysis: Analysis, binder: ast.Node, node: ast.FunctionLike | ast.ClassDef): CallSites {
  const definition = analysis.survey(binder).definitionAt.get(binder)
  const variable = definition && analysis.names.lookup(definition.name, definition.site)
  if (!variable?.definitions.some(each => each === definition)) return elsewhere
  const calls: ast.Call[] = []
  let complete = true
  for (const use of analysis.names.uses(variable)) {
    const reaching = analysis.names.reaching(use)
    if (!reaching.complete) complete = false
    if (!reaching.definitions.some(each => each === definition)) continue
    const parent = use.parent
    if (parent?.kind === 'Call' && parent.func === use) calls.push(parent)
    else if (!(node.kind === 'ClassDef' && isHarmlessUseOfClass(use))) complete = false
  }
  // A name of another file may be used anywhere.
  return { calls, complete: complete && analysis.file(node) === analysis.main }
}

/** Uses of a class that do not create instances of it: bases, annotations, `isinstance`, class attributes. */
function isHarmlessUseOfClass(use: ast.Name): boolean {
  let node: ast.Node = use
  for (let parent = node.parent; parent; parent = node.parent) {
    switch (parent.kind) {
      case 'ClassDef':
      case 'ExceptHandler':
      case 'Attribute':
        return true
      case 'Parameter':
      case 'AnnAssign':
        return parent.annotation === node
      case 'FunctionDef':
        return parent.returns === node
      case 'Call':
        return parent.func.kind === 'Name' && classTests.has(parent.func.id)
      case 'Subscript':
      case 'BinOp':
      case 'Tuple':
        node = parent
        break
      default:
        return false
    }
  }
  return false
}

const classTests: ReadonlySet<string> = new Set(['isinstance', 'issubclass', 'super'])

/** A method is called through any object that may be of its class, a constructor by calling the class as well. */
function methodSites(analysis: Analysis, owner: ast.ClassDef, method: ast.FunctionDef): CallSites {
  // A name of the class body, as in `step = property(get_step)`, hands the function on.
  const { complete } = usesAsCalls(analysis, method, method)
  const sites = [throughObjects(analysis, owner, method)]
  if (method.name === '__init__') sites.push(creations(analysis, owner, method))
  return {
    calls: sites.flatMap(each => each.calls).sort((a, b) => a.start - b.start),
    complete: complete && !isCalledImplicitly(analysis, owner, method) && sites.every(each => each.complete),
  }
}

/** Python, or the library whose class it derives from, calls it by itself. */
function isCalledImplicitly(analysis: Analysis, owner: ast.ClassDef, { name }: ast.FunctionDef): boolean {
  if (/^__\w+__$/.test(name)) return name !== '__init__'
  return analysis.classes.ancestry(owner).imported.some(base => analysis.library.invokes(base) === name)
}

function throughObjects(analysis: Analysis, owner: ast.ClassDef, method: ast.FunctionDef): CallSites {
  const family = new Set<ast.ClassDef | string>([
    ...analysis.classes.ancestry(owner).classes,
    ...analysis.classes.descendants(owner),
  ])
  const calls: ast.Call[] = []
  let complete = true
  const attributes = analysis.surveysAround(owner).flatMap(each => each.attributesByName.get(method.name) ?? [])
  for (const attribute of attributes) {
    if (analysis.survey(attribute).attributeDefinitionAt.has(attribute)) continue
    const superClass = superOwner(analysis, attribute.value)
    if (superClass ? !family.has(superClass) : !mayHold(analysis, attribute.value, family)) continue
    const values = analysis.values(attribute)
    const parent = attribute.parent
    if (!values.some(value => value.kind === 'function' && value.node === method)) {
      if (values.some(value => value.kind === 'unknown')) complete = false
    } else if (parent?.kind === 'Call' && parent.func === attribute) calls.push(parent)
    else complete = false
  }
  return { calls, complete }
}

/** May the object be of one of the classes? */
function mayHold(analysis: Analysis, object: ast.Expression, family: ReadonlySet<ast.ClassDef | string>): boolean {
  return analysis.values(object).some(value => {
    switch (value.kind) {
      case 'instance':
        return family.has(value.of)
      case 'class':
        return family.has(value.node)
      case 'parameter':
      case 'unknown':
        return true
      default:
        return false
    }
  })
}

/** The calls of a class that run this `__init__`: of the class itself and of derived classes that inherit it. */
function creations(analysis: Analysis, owner: ast.ClassDef, method: ast.FunctionDef): CallSites {
  const calls: ast.Call[] = []
  let complete = true
  for (const each of [owner, ...analysis.classes.descendants(owner)]) {
    const methods = analysis.members({ kind: 'class', node: each }, '__init__')
    if (!methods.some(value => value.kind === 'function' && value.node === method)) continue
    const sites = analysis.creations(each)
    calls.push(...sites.calls)
    if (!sites.complete) complete = false
  }
  // `cls(…)` in a class method.
  for (const call of analysis.nodes('Call', owner)) {
    if (call.func.kind !== 'Name') continue
    const definition = analysis.names.reaching(call.func).definitions[0]
    const self = definition && ownerOfSelf(analysis, definition)
    if (self?.kind === 'class' && self.node === owner) calls.push(call)
  }
  return { calls, complete }
}
