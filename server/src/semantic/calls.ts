import type * as ast from '../syntax/ast.ts'
import { type Analysis, none, union, unionOf, unknownValues, type Values } from './analysis.ts'
import { boundArgument } from './arguments.ts'
import { lastName } from './literals.ts'
import type { Value } from './model.ts'
import { onlyDefinition } from './reaching.ts'
import { promised, receiverValues } from './refine.ts'

/** What a call may return. */
export function callValues(analysis: Analysis, call: ast.Call): Values {
  return unionOf(analysis.values(call.func), callee => valuesOfCalling(analysis, callee, call))
}

/** `await f()` gives what the coroutine function returns. */
export function awaitedValues(analysis: Analysis, node: ast.Await): Values {
  const call = node.value
  if (call.kind !== 'Call') return unknownValues
  return unionOf(analysis.values(call.func), callee =>
    callee.kind === 'function' && callee.node.kind === 'FunctionDef' && callee.node.isAsync
      ? returned(analysis, callee.node, call)
      : unknownValues,
  )
}

function valuesOfCalling(analysis: Analysis, callee: Value, call: ast.Call): Values {
  switch (callee.kind) {
    case 'symbol':
      return byName.get(callee.name)?.(analysis, call) ?? imported(analysis, callee.name, call)
    case 'class':
      return makesInstances(analysis, callee.node)
        ? [{ kind: 'instance', of: callee.node, creation: call }]
        : unknownValues
    case 'function':
      return analysis.returnValues(callee.node, call)
    case 'instance': {
      if (typeof callee.of === 'string') return imported(analysis, `${callee.of}.__call__`, call)
      const method = callMethod(analysis, callee)
      return method ? analysis.returnValues(method, call) : unknownValues
    }
    default:
      return unknownValues
  }
}

/** Calling something imported: an instance of a class, what is known of a function, or just its result. */
function imported(analysis: Analysis, name: string, call: ast.Call): Values {
  const { library } = analysis
  const returns = library.returns(name)
  if (returns === 'self') {
    return call.func.kind === 'Attribute' ? receiverValues(analysis, call.func.value) : unknownValues
  }
  if (returns !== undefined || library.isClass(name)) {
    return [{ kind: 'instance', of: returns ?? name, creation: call }]
  }
  return [{ kind: 'result', of: name, call }]
}

/** Functions of the standard library that give what they are given. */
const byName: ReadonlyMap<string, (analysis: Analysis, call: ast.Call) => Values> = new Map([
  ['builtins.getattr', dynamicAttribute],
  ['typing.cast', castValues],
  ['copy.copy', copiedValues],
  ['copy.deepcopy', copiedValues],
])

function castValues(analysis: Analysis, call: ast.Call): Values {
  const [type] = call.args
  return type ? analysis.annotationValues(type) : unknownValues
}

/** A copy is of the same class, but nobody has created it by calling that. */
function copiedValues(analysis: Analysis, call: ast.Call): Values {
  const [original] = call.args
  if (!original) return unknownValues
  return unionOf(analysis.values(original), value =>
    value.kind === 'instance' ? [{ ...value, creation: undefined }] : unknownValues,
  )
}

/** `getattr(x, "name")` is `x.name`; a default may stand in for it. */
function dynamicAttribute(analysis: Analysis, call: ast.Call): Values {
  const [object, name, otherwise] = call.args
  if (!object || name?.kind !== 'Constant' || typeof name.value !== 'string') return unknownValues
  const attribute = name.value
  const values = unionOf(receiverValues(analysis, object), value => analysis.members(value, attribute))
  return otherwise ? union([values, analysis.values(otherwise)]) : values
}

/** A metaclass or `__new__` may make anything. */
function makesInstances(analysis: Analysis, node: ast.ClassDef): boolean {
  const classes = analysis.classes.ancestry(node).classes
  return classes.every(each => !analysis.survey(each).scopes.get(each)?.variables.has('__new__') && !hasMetaclass(each))
}

function hasMetaclass(node: ast.ClassDef): boolean {
  const metaclass = node.keywords.find(keyword => keyword.arg === 'metaclass')?.value
  return metaclass !== undefined && lastName(metaclass) !== 'ABCMeta'
}

/** The method of the file that calling an instance runs: `__call__`, or what a library's base class calls. */
export function callMethod(
  analysis: Analysis,
  instance: Value & { readonly kind: 'instance' },
): ast.FunctionDef | undefined {
  if (typeof instance.of === 'string') return undefined
  const ancestry = analysis.classes.ancestry(instance.of)
  const [invoked] = ancestry.imported.flatMap(base => analysis.library.invokes(base) ?? [])
  for (const name of invoked === undefined ? ['__call__'] : ['__call__', invoked]) {
    const [method, ...others] = analysis.members(instance, name)
    if (method?.kind === 'function' && others.length === 0 && method.node.kind === 'FunctionDef') return method.node
  }
  return undefined
}

/** What a call of a function of the file may return, annotations and decorators heeded. */
export function returnValues(analysis: Analysis, node: ast.FunctionLike, call: ast.Call | undefined): Values {
  if (node.kind === 'Lambda') return returnedBy(analysis, node, node.body, call)
  if (node.isAsync || isGenerator(analysis, node)) return unknownValues
  return returned(analysis, node, call)
}

function returned(analysis: Analysis, node: ast.FunctionDef, call: ast.Call | undefined): Values {
  if (!hasTransparentDecorators(analysis, node)) return unknownValues
  const values = unionOf(returnsOf(analysis, node), value =>
    value === undefined ? [none] : returnedBy(analysis, node, value, call),
  )
  return node.returns ? promised(analysis, values, node.returns) : values
}

/** A parameter that is handed back is the argument of this very call. */
function returnedBy(
  analysis: Analysis,
  node: ast.FunctionLike,
  value: ast.Expression,
  call: ast.Call | undefined,
): Values {
  const variable = value.kind === 'Name' ? analysis.names.variable(value) : undefined
  const source = variable && onlyDefinition(variable)?.source
  if (call && source?.kind === 'parameter' && source.function === node) {
    const argument = boundArgument(call, node, source.parameter, isBoundCall(analysis, call, node))
    if (argument.kind === 'given') return analysis.values(argument.value)
  }
  return analysis.values(value)
}

/** Does the call fill the first parameter with its receiver? */
export function isBoundCall(analysis: Analysis, call: ast.Call, node: ast.FunctionLike): boolean {
  return analysis
    .values(call.func)
    .some(
      callee =>
        (callee.kind === 'function' && callee.node === node && callee.receiver !== undefined) ||
        callee.kind === 'class' ||
        callee.kind === 'instance',
    )
}

export function hasTransparentDecorators(analysis: Analysis, node: ast.FunctionDef): boolean {
  return node.decorators.every(({ expression }) => {
    const target = expression.kind === 'Call' ? expression.func : expression
    // `@value.setter` keeps the property's methods what they are.
    if (target.kind === 'Attribute' && accessors.has(target.attr)) return true
    return analysis.values(target).every(value => value.kind === 'symbol' && analysis.library.transparent(value.name))
  })
}

const accessors: ReadonlySet<string> = new Set(['getter', 'setter', 'deleter'])

/** The returned expressions; undefined for the None of a bare `return` and of the end of the body. */
function returnsOf(analysis: Analysis, node: ast.FunctionDef): readonly (ast.Expression | undefined)[] {
  const returns: (ast.Expression | undefined)[] = analysis
    .nodes('Return', node)
    .filter(each => analysis.scope(each) === node)
    .map(each => each.value)
  return analysis.names.flow(node).fallsThrough ? [...returns, undefined] : returns
}

function isGenerator(analysis: Analysis, node: ast.FunctionDef): boolean {
  const own = (each: ast.Node): boolean => analysis.scope(each) === node
  return analysis.nodes('Yield', node).some(own) || analysis.nodes('YieldFrom', node).some(own)
}
