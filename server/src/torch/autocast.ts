/** Where autocast is in force, as far as the text shows it. */
import type { Certainty, Model, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { ampArgument, ampClass } from './ampArguments.ts'
import { visibleDefault } from './defaults.ts'
import { autocastClasses, dtypes } from './facts/amp.ts'
import { remember } from './remember.ts'

export interface Autocast {
  readonly call: ast.Call
  /** The device types that it may be made for, without an index; undefined if one is not visible. */
  readonly devices: readonly string[] | undefined
  /** `float16`; undefined if it is not visible. */
  readonly dtype: string | undefined
  readonly enabled: Certainty
}

/**
 * The innermost autocast that a node runs under, or the innermost one of a device, also through the calls of its function.
 * `unknown`: perhaps one; undefined: none in sight.
 */
export function autocastAt(model: Model, node: ast.Node, device?: string): Autocast | 'unknown' | undefined {
  return inForce(model, node, device, 0)
}

const depthLimit = 4

type InForce = Autocast | 'unknown' | undefined

/** The same within the node's own function. */
export function autocastAround(model: Model, node: ast.Node, device?: string): InForce {
  for (const context of model.contexts(node)) {
    const entered = ofDevice(autocastIn(model, context), device)
    if (entered) return entered
  }
  return undefined
}

function inForce(model: Model, node: ast.Node, device: string | undefined, depth: number): InForce {
  const entered = autocastAround(model, node, device)
  if (entered) return entered
  const code = functionAround(node)
  const sites = code && depth < depthLimit ? model.callSites(code) : undefined
  const answers = (sites ?? []).map(site => inForce(model, site, device, depth + 1))
  const [first] = answers
  if (answers.every(answer => answer !== undefined && answer !== 'unknown')) return first
  return answers.every(answer => answer === undefined) ? undefined : 'unknown'
}

/** Autocast for another device changes nothing. */
function ofDevice(entered: InForce, device: string | undefined): InForce {
  if (entered === undefined || entered === 'unknown' || device === undefined) return entered
  if (!entered.devices) return 'unknown'
  return entered.devices.includes(device) ? entered : undefined
}

/** Every autocast that the script makes. */
export const autocasts = remember((model: Model): readonly Autocast[] =>
  model.calls(autocastClasses).map(call => autocastOf(model, call)),
)

/** What a call of an autocast class makes. */
export function autocastOf(model: Model, call: ast.Call): Autocast {
  const [, fixed] = /^torch\.(\w+)\.amp\./.exec(ampClass(model, call) ?? '') ?? []
  const device = ampArgument(model, call, 'device_type')
  const devices = fixed ? [fixed] : device && device !== 'unknown' ? deviceTypes(model, device) : undefined
  const dtype = ampArgument(model, call, 'dtype')
  return {
    call,
    devices,
    dtype: dtype === undefined ? defaultDtype(devices) : dtype === 'unknown' ? undefined : dtypeOf(model, dtype),
    enabled: enabledOf(model, call),
  }
}

/** Is what a call of an autocast or GradScaler class makes switched on? */
export function enabledOf(model: Model, call: ast.Call): Certainty {
  const argument = ampArgument(model, call, 'enabled')
  if (argument === undefined) return 'yes'
  const constant = argument === 'unknown' ? undefined : model.constant(argument)
  return typeof constant === 'boolean' ? (constant ? 'yes' : 'no') : 'unknown'
}

function defaultDtype(devices: readonly string[] | undefined): string | undefined {
  const [device, ...others] = devices ?? []
  if (device === undefined || others.length > 0) return undefined
  return device === 'cpu' ? 'bfloat16' : 'float16'
}

/** The one name of the dtype that an expression certainly denotes. */
export function dtypeOf(model: Model, expression: ast.Expression): string | undefined {
  const name = model.qualifiedName(expression)
  return name !== undefined && Object.hasOwn(dtypes, name) ? dtypes[name] : undefined
}

/** The device types that an expression may denote: `"cuda" if torch.cuda.is_available() else "cpu"`, `device.type`. */
export function deviceTypes(model: Model, expression: ast.Expression, depth = 0): readonly string[] | undefined {
  if (depth > depthLimit) return undefined
  const byDefault = visibleDefault(model, expression)
  if (typeof byDefault === 'string') return [withoutIndex(byDefault)]
  const isType = expression.kind === 'Attribute' && expression.attr === 'type'
  const all = model.values(isType ? expression.value : expression).map(value => {
    if (value.kind === 'instance' && value.of === 'torch.device') {
      const [name] = value.creation?.args ?? []
      return name && deviceTypes(model, name, depth + 1)
    }
    const text = !isType && value.kind === 'expression' ? model.constant(value.node) : undefined
    return typeof text === 'string' ? [withoutIndex(text)] : undefined
  })
  return all.includes(undefined) ? undefined : [...new Set(all.flatMap(each => each ?? []))]
}

/** What a `with` item or a decorator enters: an autocast, perhaps one, or something else. */
function autocastIn(model: Model, context: ast.Expression): Autocast | 'unknown' | undefined {
  const values = model.values(context)
  const made = values.flatMap(value => madeAutocast(model, value) ?? [])
  const [first, ...others] = made
  if (first && others.length === 0) return values.length === 1 ? first : { ...first, enabled: 'unknown' }
  return first || values.some(value => mayBeAutocast(model, value, context)) ? 'unknown' : undefined
}

function madeAutocast(model: Model, value: Value): Autocast | undefined {
  if (value.kind !== 'instance' || typeof value.of !== 'string' || !value.creation) return undefined
  return autocastClasses.includes(value.of) ? autocastOf(model, value.creation) : undefined
}

/** What is not visible may switch autocast on or off only if it is named so. */
function mayBeAutocast(model: Model, value: Value, context: ast.Expression): boolean {
  if (value.kind === 'symbol') return modeWords.test(value.name)
  if (value.kind === 'instance' || value.kind === 'result')
    return typeof value.of === 'string' && modeWords.test(value.of)
  return modeWords.test(model.text.slice(context.start, context.end))
}

const modeWords = /amp|cast|fwd|bwd|precision|half|float|fp\d|fp_|mixed/i

function functionAround(node: ast.Node): ast.FunctionLike | undefined {
  for (let at = node.parent; at; at = at.parent) {
    if (at.kind === 'FunctionDef' || at.kind === 'Lambda') return at
    if (at.kind === 'ClassDef') return undefined
  }
  return undefined
}

const withoutIndex = (device: string): string => device.replace(/:\d+$/, '')
