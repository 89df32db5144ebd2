import type * as ast from '../syntax/ast.ts'
import type { Analysis } from './analysis.ts'
import type { AttributeDefinition, Definition } from './definitions.ts'
import { lastName } from './literals.ts'
import { onlyDefinition } from './reaching.ts'
import type { Survey } from './survey.ts'

/** A class of the file with the classes it inherits from. */
export interface Ancestry {
  /** The class itself and its ancestors in the file, in the order in which an attribute is looked up. */
  readonly classes: readonly ast.ClassDef[]
  /** The qualified names of imported ancestors. */
  readonly imported: readonly string[]
  /** True if some base could not be resolved. */
  readonly open: boolean
}

export interface Classes {
  ancestry(node: ast.ClassDef): Ancestry
  /** All classes of the file, and of its own file, that derive from it, itself not included. */
  descendants(node: ast.ClassDef): readonly ast.ClassDef[]
  /** `self.name = …` in the methods of the class itself, and `Class.name = …`. */
  attributeDefinitions(node: ast.ClassDef, name: string): readonly AttributeDefinition[]
  /** Assignments of an attribute of this name to objects that are not `self`, where a class, or what a call made, is in sight. */
  otherAttributeDefinitions(name: string, node: ast.Node | undefined): readonly AttributeDefinition[]
  /** True if attributes are set by names that only the running program knows. */
  isDynamic(node: ast.ClassDef): boolean
}

const bottom: Ancestry = { classes: [], imported: [], open: true }

export function createClasses(analysis: Analysis): Classes {
  const descendants = new Map<Survey, ReadonlyMap<ast.ClassDef, readonly ast.ClassDef[]>>()
  const attributes = new Map<Survey, ReturnType<typeof collectAttributes>>()

  const ancestry = analysis.memoise(bottom, (node: ast.ClassDef): Ancestry => {
    const parts = node.bases.map(base => ancestryOfBase(base))
    const inherited = parts.flatMap(part => part.classes).filter(each => each !== node)
    return {
      // A shared ancestor comes after all that derive from it.
      classes: [node, ...[...new Set(inherited.reverse())].reverse()],
      imported: [...new Set(parts.flatMap(part => part.imported))],
      open: parts.some(part => part.open) || node.keywords.some(keyword => keyword.arg === undefined),
    }
  })

  function ancestryOfBase(base: ast.Expression): Ancestry {
    // `Generic[T]`, `Dataset[int]`: the subscript only parametrises.
    const [value, ...others] = analysis.values(base.kind === 'Subscript' ? base.value : base)
    if (others.length > 0) return bottom
    if (value?.kind === 'class') return ancestry(value.node)
    if (value?.kind === 'symbol') {
      const neutral = neutralBases.has(value.name)
      return { classes: [], imported: neutral ? [] : [value.name], open: false }
    }
    return bottom
  }

  function descendantsIn(survey: Survey): ReadonlyMap<ast.ClassDef, readonly ast.ClassDef[]> {
    const known = descendants.get(survey)
    if (known) return known
    const found = new Map<ast.ClassDef, ast.ClassDef[]>()
    descendants.set(survey, found)
    for (const each of survey.byKind.get('ClassDef') ?? []) {
      if (each.kind !== 'ClassDef') continue
      for (const ancestor of ancestry(each).classes) {
        if (ancestor !== each) found.set(ancestor, [...(found.get(ancestor) ?? []), each])
      }
    }
    return found
  }

  function attributesIn(survey: Survey): ReturnType<typeof collectAttributes> {
    const known = attributes.get(survey) ?? collectAttributes(analysis, survey)
    attributes.set(survey, known)
    return known
  }

  const attributesAround = (node: ast.Node | ast.Module) => analysis.surveysAround(node).map(attributesIn)
  return {
    ancestry,
    descendants: node => analysis.surveysAround(node).flatMap(survey => descendantsIn(survey).get(node) ?? []),
    attributeDefinitions: (node, name) => attributesAround(node).flatMap(({ own }) => own.get(node)?.get(name) ?? []),
    otherAttributeDefinitions: (name, node) =>
      attributesAround(node ?? analysis.main.module).flatMap(({ others }) => others.get(name) ?? []),
    isDynamic: node => attributesAround(node).some(({ dynamic }) => dynamic.has(node)),
  }
}

/** Bases that bring no attributes worth looking up. */
const neutralBases: ReadonlySet<string> = new Set([
  'builtins.object',
  'abc.ABC',
  'typing.Generic',
  'typing.Protocol',
  'typing_extensions.Protocol',
])

function collectAttributes(analysis: Analysis, survey: Survey) {
  const own = new Map<ast.ClassDef, Map<string, AttributeDefinition[]>>()
  const others = new Map<string, AttributeDefinition[]>()
  const dynamic = new Set<ast.ClassDef>()
  for (const [name, definitions] of survey.attributeDefinitions) {
    for (const definition of definitions) {
      const holder = classOfObject(definition.target.value, analysis)
      if (!holder) {
        others.set(name, [...(others.get(name) ?? []), definition])
        continue
      }
      const table = own.get(holder) ?? new Map<string, AttributeDefinition[]>()
      own.set(holder, table)
      table.set(name, [...(table.get(name) ?? []), definition])
    }
  }
  for (const name of survey.namesById.get('setattr') ?? []) {
    const call = name.parent
    if (call?.kind !== 'Call' || call.func !== name || call.args[1]?.kind === 'Constant') continue
    const holder = call.args[0] && classOfObject(call.args[0], analysis)
    if (holder) dynamic.add(holder)
  }
  for (const attribute of survey.attributesByName.get('__dict__') ?? []) {
    const holder = classOfObject(attribute.value, analysis)
    const use = attribute.parent
    if (holder && (use?.kind === 'Attribute' || use?.kind === 'Assign')) dynamic.add(holder)
  }
  return { own, others, dynamic }
}

/** The class of the file that a name stands for as `self`, as `cls` or by its own name. */
function classOfObject(expression: ast.Expression, analysis: Analysis): ast.ClassDef | undefined {
  if (expression.kind !== 'Name') return undefined
  const variable = analysis.names.variable(expression)
  const definition = variable && onlyDefinition(variable)
  if (definition?.source.kind === 'class') return definition.source.node
  return definition && ownerOfSelf(analysis, definition)?.node
}

/** For the first parameter of a method: its class, and whether the parameter is the class or an instance of it. */
export function ownerOfSelf(
  analysis: Analysis,
  definition: Definition,
): { readonly node: ast.ClassDef; readonly kind: 'instance' | 'class' } | undefined {
  if (definition.source.kind !== 'parameter') return undefined
  const { function: method, parameter } = definition.source
  if (method.kind !== 'FunctionDef' || method.parameters[0] !== parameter || parameter.mode === 'variadic')
    return undefined
  const scope = analysis.scope(method)
  if (scope.kind !== 'ClassDef') return undefined
  const kind = methodKind(method)
  return kind === 'static' ? undefined : { node: scope, kind }
}

/** What a method is called on. */
export function methodKind(method: ast.FunctionDef): 'instance' | 'class' | 'static' {
  for (const { expression } of method.decorators) {
    if (expression.kind !== 'Name') continue
    if (expression.id === 'staticmethod') return 'static'
    if (expression.id === 'classmethod') return 'class'
  }
  return implicitClassMethods.has(method.name) ? 'class' : 'instance'
}

const implicitClassMethods: ReadonlySet<string> = new Set(['__new__', '__init_subclass__', '__class_getitem__'])

export function isProperty(method: ast.FunctionDef): boolean {
  return method.decorators.some(({ expression }) => /^(cached_)?property$/.test(lastName(expression)))
}

/** A setter is no value of the attribute, and an overload only describes one. */
export function isStub(method: ast.FunctionDef): boolean {
  return method.decorators.some(({ expression }) => /^(setter|deleter|overload)$/.test(lastName(expression)))
}
