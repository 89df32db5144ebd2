import type { Certainty, Model, Place, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { chainableMethods, moduleWrappers } from './facts/modules.ts'
import { passedArguments } from './passedArguments.ts'
import { remember } from './remember.ts'
import { isCalled, methodCall, methodCalls } from './usage.ts'

/**
 * Does the expression denote an `nn.Module`? Yes if a class that derives from it, torchvision or timm made it, or if it
 * comes from outside and is used as one: it has `parameters()`, which nothing else has, or it is put into a mode and
 * called. A parameter is one too if every call of its function passes one.
 */
export function isModule(model: Model, expression: ast.Expression): Certainty {
  const promised = model.isInstance(expression, 'torch.nn.Module')
  if (promised === 'yes') return 'yes'
  if (promised === 'no' && !model.values(expression).some(mayBeModule)) return 'no'
  return isUsedAsModule(model, expression) || isPassedAsModule(model, expression) ? 'yes' : 'unknown'
}

function isUsedAsModule(model: Model, expression: ast.Expression): boolean {
  const methods = new Set(methodCalls(model, expression).map(({ method }) => method))
  if (methods.has('parameters') || methods.has('named_parameters')) return true
  return (methods.has('train') || methods.has('eval')) && isCalled(model, expression)
}

function isPassedAsModule(model: Model, expression: ast.Expression): boolean {
  const place = expression.kind === 'Name' ? model.place(expression) : undefined
  if (expression.kind !== 'Name' || place?.kind !== 'parameter') return false
  const known = passedModules(model)
  const answer = known.get(place)
  if (answer !== undefined) return answer
  // A function that only passes on what it was passed proves nothing.
  known.set(place, false)
  const passed = passedArguments(model, expression)
  const isOne = passed.length > 0 && passed.every(argument => isModule(model, argument) === 'yes')
  known.set(place, isOne)
  return isOne
}

const passedModules = remember((_model: Model) => new Map<Place, boolean>())

/**
 * The identity of a module, whatever it is wrapped in: `DDP(model)`, `torch.compile(model)` and `wrapped.module` are
 * `model`, as their parameters are. Undefined if there is none to speak of.
 */
export function moduleIdentity(model: Model, expression: ast.Expression): Place | undefined {
  const known = identities(model)
  if (known.has(expression)) return known.get(expression)
  // A module that leads back to itself is what it is called.
  known.set(expression, model.place(expression))
  const answer = identify(model, expression)
  known.set(expression, answer)
  return answer
}

const identities = remember((_model: Model) => new Map<ast.Expression, Place | undefined>())

/** Is `part` the module itself, or a module in it: `model.encoder` of `model`? */
export function isPartOf(part: Place, whole: Place): boolean {
  if (part === whole) return true
  return (part.kind === 'attribute' || part.kind === 'element') && isPartOf(part.base, whole)
}

/**
 * May the one module be the other, or hold it? It does if the other is written as a part of it (`model.decoder`), is read
 * from there (`decoder = model.decoder`), or is given to it when it is made (`Seq2Seq(encoder, decoder)`).
 */
export function mayHold(model: Model, whole: ast.Expression, part: ast.Expression): boolean {
  const known = wholes(model)
  const parts = known.get(part) ?? wholesOf(model, part, 0)
  known.set(part, parts)
  return holdsOne(model, whole, parts, 0)
}

/** Asked of one module against every call of the file. */
const wholes = remember((_model: Model) => new Map<ast.Expression, ReadonlySet<Place>>())

function holdsOne(model: Model, whole: ast.Expression, parts: ReadonlySet<Place>, depth: number): boolean {
  const identities = identitiesOf(model, whole)
  if ([...parts].some(part => identities.some(identity => isPartOf(part, identity)))) return true
  if (depth > depthLimit) return false
  return model.values(whole).some(value => {
    const creation = creationOf(value)
    const given = creation ? [...creation.args, ...creation.keywords.map(each => each.value)] : []
    return (
      given
        .flatMap(argument => [...model.nodes('Name', argument), ...model.nodes('Attribute', argument)])
        // Who gets `self.device` does not get `self`.
        .some(each => each.parent?.kind !== 'Attribute' && holdsOne(model, each, parts, depth + 1))
    )
  })
}

/** The module, and those that it is read from, as far as the text says so. */
function wholesOf(model: Model, part: ast.Expression, depth: number): ReadonlySet<Place> {
  const outer = depth > depthLimit ? [] : originsOf(model, part).flatMap(each => [...wholesOf(model, each, depth + 1)])
  return new Set([...identitiesOf(model, part), ...outer])
}

/** `model` of `model.decoder`, `model.layers[0]` and `model.children()`; what a name is assigned. */
function originsOf(model: Model, part: ast.Expression): readonly ast.Expression[] {
  switch (part.kind) {
    case 'Attribute':
    case 'Subscript':
      return [part.value]
    case 'Call':
      return [part.func]
    case 'Name':
      return model.sources(part)
    default:
      return []
  }
}

/** All that a module may be, where it has no one identity. */
function identitiesOf(model: Model, expression: ast.Expression): readonly Place[] {
  const made = model.values(expression).map(value => {
    const creation = creationOf(value)
    return creation && model.place(originOf(creation))
  })
  return [moduleIdentity(model, expression), ...made].filter(place => place !== undefined)
}

/** Does a node stand in the code of a module, which deals with its own parts? */
export function isWithinModule(model: Model, node: ast.Node): boolean {
  for (let at = node.parent; at; at = at.parent) if (at.kind === 'ClassDef' && isModuleClass(model, at, 0)) return true
  return false
}

function isModuleClass(model: Model, node: ast.ClassDef, depth: number): boolean {
  return node.bases.some(base =>
    model.values(base).some(value => {
      if (value.kind === 'symbol') return /^torch\.nn\.[A-Z]\w*$|\.LightningModule$/.test(value.name)
      return value.kind === 'class' && depth < depthLimit && isModuleClass(model, value.node, depth + 1)
    }),
  )
}

const depthLimit = 8

function identify(model: Model, expression: ast.Expression): Place | undefined {
  if (expression.kind === 'Attribute' && expression.attr === 'module') {
    const wrapped = model.values(expression.value).find(value => wrappedBy(value) !== undefined)
    if (wrapped) return moduleIdentity(model, expression.value)
  }
  const places = new Set<Place | undefined>()
  for (const value of model.values(expression)) {
    const creation = creationOf(value)
    const inner = wrappedBy(value) ?? (creation && chained(creation))
    if (inner) places.add(moduleIdentity(model, inner))
    else if (creation) places.add(model.place(creation))
    else places.add(undefined)
  }
  const [only, ...others] = places
  return only && others.length === 0 ? only : model.place(expression)
}

function wrappedBy(value: Value): ast.Expression | undefined {
  const isWrapper = (value.kind === 'instance' || value.kind === 'result') && moduleWrappers.has(String(value.of))
  return isWrapper ? creationOf(value)?.args[0] : undefined
}

/** `Net()` of `Net().to(device)`, where the class is not known to be a module's and so its methods are not known to chain. */
function chained(call: ast.Call): ast.Expression | undefined {
  const method = methodCall(call)
  return method && chainableMethods.has(method.method) ? method.receiver : undefined
}

/** The call that made a module, before what was chained to it. */
export function originOf(call: ast.Call): ast.Call {
  const receiver = chained(call)
  return receiver?.kind === 'Call' ? originOf(receiver) : call
}

/** The call that made an object. */
export function creationOf(value: Value): ast.Call | undefined {
  if (value.kind === 'instance') return value.creation
  return value.kind === 'result' ? value.call : undefined
}

function mayBeModule(value: Value): boolean {
  return value.kind === 'parameter' || value.kind === 'unknown' || value.kind === 'result' || value.kind === 'instance'
}
