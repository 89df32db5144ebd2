/** Numbers that are read from a loss after `scaler.scale(loss)` has multiplied it. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { ampEvents } from './amp/events.ts'
import { enabledOf } from './autocast.ts'
import { creationOf } from './modules.ts'
import { textOf } from './names.ts'
import { methodCall } from './usage.ts'

export interface ScaledLossRead {
  /** `loss.item()`, or the loss itself where it is printed. */
  readonly at: ast.Expression
  /** The scaled loss as written there: a name, or the call of `scale`. */
  readonly scaled: ast.Expression
  /** `scaler.scale(loss)`. */
  readonly scale: ast.Call
  readonly scaler: ast.Expression
  readonly loss: ast.Expression
}

export function scaledLossReads(model: Model): readonly ScaledLossRead[] {
  const found: ScaledLossRead[] = []
  for (const [scale, event] of ampEvents(model)) {
    const [loss] = scale.args
    if (event.kind !== 'scale' || !loss || isOff(model, event.scaler) || dividesByScale(model, scale)) continue
    for (const scaled of [scale, ...namesOf(model, scale)]) {
      const at = readingOf(model, scaled)
      if (at && !isMeant(model, at) && (scaled === scale || certainlyReaches(model, scale, scaled)))
        found.push({ at, scaled, scale, scaler: event.scaler, loss })
    }
  }
  return found.sort((a, b) => a.at.start - b.at.start)
}

function namesOf(model: Model, scale: ast.Call): readonly ast.Name[] {
  const statement = scale.parent
  const [target] = statement?.kind === 'Assign' && statement.value === scale ? statement.targets : []
  if (target?.kind !== 'Name') return []
  return model
    .nodes('Name')
    .filter(name => name.id === target.id && name !== target && model.sources(name).includes(scale))
}

/** What passes a tensor on with the same scale. */
const passing = new Set(['clone', 'cpu', 'data', 'detach', 'double', 'float', 'mean', 'squeeze', 'sum', 'view'])
const reading = new Set(['item', 'numpy', 'tolist'])

/** The expression that turns a tensor into a number or a text: `loss.detach().item()`, `float(loss)`, `print(loss)`. */
function readingOf(model: Model, tensor: ast.Expression): ast.Expression | undefined {
  const { parent } = tensor
  if (parent?.kind === 'Attribute') {
    const call = parent.parent?.kind === 'Call' && parent.parent.func === parent ? parent.parent : undefined
    if (call && reading.has(parent.attr)) return call
    return passing.has(parent.attr) ? readingOf(model, call ?? parent) : undefined
  }
  if (parent?.kind === 'JoinedStr') return tensor
  if (parent?.kind !== 'Call' || !parent.args.includes(tensor)) return undefined
  if (methodCall(parent)?.method === 'add_scalar') return tensor
  const name = model.qualifiedName(parent.func)
  if (name === 'builtins.float') return parent
  return name === 'builtins.print' ? tensor : undefined
}

/** A check for inf and NaN, a value that is called scaled and one that nobody reads do no harm. */
function isMeant(model: Model, at: ast.Expression): boolean {
  for (let node: ast.Node | undefined = at.parent; node; node = node.parent) {
    const text = model.text.slice(node.start, node.end)
    if (node.kind === 'Assert' || (node.kind === 'Call' && /\bis_?(nan|inf|finite)\b/.test(text))) return true
    if (node.kind === 'Call' || node.kind === 'JoinedStr') {
      if (model.nodes('Constant', node).some(({ value }) => typeof value === 'string' && /scale/i.test(value)))
        return true
      if (node.kind === 'JoinedStr' && /scaled?\b[^{}]*\{/i.test(text)) return true
    }
    if ('broken' in node) {
      const [target] = node.kind === 'Assign' ? node.targets : []
      return target !== undefined && (/scale/i.test(textOf(model, target)) || isForgotten(model, target, at))
    }
  }
  return false
}

/** `loss = loss.item()` with nobody who reads it only lets go of the graph. */
function isForgotten(model: Model, target: ast.Expression, value: ast.Expression): boolean {
  if (target.kind !== 'Name') return false
  const isRead = (name: ast.Name): boolean => name.parent?.kind !== 'Assign' || name.parent.value === name
  const named = model.nodes('Name').filter(({ id }) => id === target.id)
  return !named.some(name => isRead(name) && model.sources(name).includes(value))
}

/** Where other values may reach the name, too, nothing but the branches around the scaling may stand around the reading. */
function certainlyReaches(model: Model, scale: ast.Call, scaled: ast.Expression): boolean {
  if (scaled.kind !== 'Name' || model.sources(scaled).every(source => source === scale)) return true
  for (let at = scaled.parent; at && at.kind !== 'FunctionDef'; at = at.parent) {
    const isBranch = at.kind === 'If' || at.kind === 'IfExp' || at.kind === 'Try' || at.kind === 'Match'
    if (isBranch && !encloses(at, scale)) return false
  }
  return true
}

function isOff(model: Model, scaler: ast.Expression): boolean {
  return model.values(scaler).some(value => {
    const creation = creationOf(value)
    return creation !== undefined && enabledOf(model, creation) === 'no'
  })
}

/** Code that asks for the scale factor takes it into account. */
function dividesByScale(model: Model, scale: ast.Call): boolean {
  const scope = model.scope(scale)
  const within = scope.kind === 'Module' ? undefined : scope
  return model.nodes('Attribute', within).some(({ attr }) => attr === 'get_scale' || attr === '_scale')
}
