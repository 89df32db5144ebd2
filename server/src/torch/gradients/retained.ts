/**
 * Backward passes that retain a graph which is never backpropagated again: the only pass in its loop, over a loss that is
 * computed anew in each iteration. Whatever could carry a graph from one iteration to the next makes it silent.
 */
import { nodesRun } from '../../semantic/followed.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { encloses } from '../../syntax/walk.ts'
import { runsBackward } from '../backpropagation.ts'
import { lossClasses } from '../facts/losses.ts'
import { isModule } from '../modules.ts'
import { remember } from '../remember.ts'
import { isScaler } from '../scalers.ts'
import { methodCall } from '../usage.ts'
import { gradientEvents } from './events.ts'

export interface NeedlessRetain {
  readonly call: ast.Call
  readonly argument: ast.Keyword
}

export function needlessRetains(model: Model): readonly NeedlessRetain[] {
  return [...gradientEvents(model)].flatMap(([call, event]) => {
    if (event.kind !== 'backward' || event.retains !== 'yes') return []
    const argument = call.keywords.find(({ arg }) => arg === 'retain_graph')
    const [loop] = model.loops(call)
    if (!argument || !loop || !isOnlyPass(model, call)) return []
    return isRebuilt(model, event.loss, loop) ? [{ call, argument }] : []
  })
}

/** No other pass in the same function, and none that a call in the loop could run. */
function isOnlyPass(model: Model, call: ast.Call): boolean {
  const scope = model.scope(call)
  const others = nodesRun(model, 'Call').filter(each => each !== call && runsBackward(model, each))
  return others.every(
    each => model.moduleOf(each) === model.module && model.scope(each) !== scope && model.loops(each).length > 0,
  )
}

/** Is everything that a value is computed from made in this iteration of the loop, or free of graphs? */
function isRebuilt(model: Model, expression: ast.Expression, loop: ast.For | ast.While): boolean {
  const seen = new Set<ast.Node>()
  const isIn = (node: ast.Node): boolean => encloses(loop, node)

  const check = (node: ast.Expression): boolean => {
    if (seen.has(node)) return true
    seen.add(node)
    switch (node.kind) {
      case 'Constant':
        return true
      case 'Name':
        return ofName(node)
      case 'Attribute':
        return cutting.has(node.attr) || isSetting(model, node)
      case 'BinOp':
        return check(node.left) && check(node.right)
      case 'UnaryOp':
        return check(node.operand)
      case 'Subscript':
        return check(node.value)
      case 'Tuple':
      case 'List':
        return node.elements.every(check)
      case 'Call':
        return ofCall(node)
      default:
        return false
    }
  }

  const ofName = (name: ast.Name): boolean => {
    const sources = model.sources(name)
    if (sources.length > 0 && sources.every(source => isIn(source) && source.start <= name.start))
      return sources.every(source => (source.parent?.kind === 'For' ? isData(source, source.parent) : check(source)))
    return isPlain(model, name)
  }

  /** What a loop over batches yields is data; an inner loop yields parts of what it goes through. */
  const isData = (iterated: ast.Expression, over: ast.For): boolean =>
    over === loop
      ? /load|dataset|train|batch|iter/i.test(model.text.slice(iterated.start, iterated.end))
      : check(iterated)

  const ofCall = (call: ast.Call): boolean => {
    const passed = call.args.concat(call.keywords.map(({ value }) => value))
    const method = methodCall(call)
    if (method && cutting.has(method.method)) return true
    const name = model.qualifiedName(call.func)
    if (name !== undefined && /^(?:torch|builtins)\./.test(name)) return passed.every(check)
    if (method && isScaler(model, method.receiver) === 'yes') return passed.every(check)
    if (isCriterion(model, call.func) || isStateless(model, call.func)) return passed.every(check)
    const isMethod =
      method !== undefined && model.callee(call).kind === 'unknown' && isModule(model, method.receiver) !== 'yes'
    return isMethod && method.receiver.kind !== 'Attribute' && check(method.receiver) && passed.every(check)
  }

  return check(expression)
}

const cutting: ReadonlySet<string> = new Set([
  'data',
  'detach',
  'device',
  'dtype',
  'item',
  'numpy',
  'shape',
  'size',
  'tolist',
])

/** `args.weight`: a number that the command line sets. */
const isSetting = (model: Model, { value }: ast.Attribute): boolean =>
  /^(?:self\.)?(?:args|cfg|config|conf|flags|hparams|hps|opt|opts|params)$/i.test(
    model.text.slice(value.start, value.end),
  )

/** A number, or a tensor that the script makes without asking for its gradient. */
function isPlain(model: Model, name: ast.Name): boolean {
  return (
    model.values(name).every(value => {
      if (value.kind === 'expression') return value.node.kind === 'Constant'
      if (value.kind !== 'result' || !tensorFactory.test(value.of)) return false
      return !value.call.keywords.some(({ arg }) => arg === 'requires_grad' || arg === undefined)
    }) && !nodesRun(model, 'Attribute').some(({ attr }) => /^requires_grad_?$/.test(attr))
  )
}

const tensorFactory = /^torch\.(?:arange|empty|full|linspace|ones|rand|randint|randn|tensor|zeros)(?:_like)?$/

function isCriterion(model: Model, callee: ast.Expression): boolean {
  return model
    .values(callee)
    .every(
      value =>
        value.kind === 'instance' &&
        typeof value.of === 'string' &&
        Object.hasOwn(lossClasses, value.of.replace('torch.nn.', '')),
    )
}

/** A module that keeps nothing from one call to the next: one of `torch.nn`, or of the file with such parts. */
function isStateless(model: Model, callee: ast.Expression): boolean {
  if (callee.kind !== 'Name' && callee.kind !== 'Attribute') return false
  if (modulesKeepState(model)) return false
  return model.values(callee).every(value => {
    if (value.kind !== 'instance') return false
    if (typeof value.of === 'string')
      return /^(?:torch\.nn\.[A-Z]\w*|torchvision\.models\..*)$/.test(value.of) && value.of !== 'torch.nn.Module'
    // What a class of another file keeps is not looked into.
    if (model.moduleOf(value.of) !== model.module) return false
    return model.nodes('Call', value.of).every(call => {
      const { kind } = model.callee(call)
      return (
        kind !== 'symbol' || /^(?:torch|torchvision|builtins|math)\./.test(model.qualifiedName(call.func) ?? 'torch.')
      )
    })
  })
}

/** Does a method of a class other than its constructor assign or fill an attribute of `self`? */
const modulesKeepState = remember((model: Model): boolean =>
  model.nodes('FunctionDef').some(code => {
    if (code.parent?.kind !== 'ClassDef' || code.name === '__init__') return false
    if (!/^(?:forward|__call__)$/.test(code.name)) return false
    const isOwn = (node: ast.Expression): boolean =>
      node.kind === 'Attribute'
        ? node.value.kind === 'Name' && node.value.id === 'self'
        : node.kind === 'Subscript' && isOwn(node.value)
    return (
      model.nodes('Assign', code).some(({ targets }) => targets.some(isOwn)) ||
      model.nodes('AugAssign', code).some(({ target }) => isOwn(target)) ||
      model
        .nodes('Call', code)
        .some(({ func }) => func.kind === 'Attribute' && func.attr === 'append' && isOwn(func.value))
    )
  }),
)
