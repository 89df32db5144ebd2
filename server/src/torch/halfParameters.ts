/** Modules that are turned to float16 and whose parameters a GradScaler then unscales or steps. */

import { explore, type Machine } from '../semantic/explore.ts'
import { nodesRun } from '../semantic/followed.ts'
import type { Model, Place } from '../semantic/model.ts'
import { exploreAll } from '../semantic/roots.ts'
import type * as ast from '../syntax/ast.ts'
import { ampEvents } from './amp/events.ts'
import { deviceTypes, dtypeOf, enabledOf } from './autocast.ts'
import { isModule, isPartOf, moduleIdentity } from './modules.ts'
import { creationsOf } from './optimizers.ts'
import { parameterSources } from './parameters.ts'
import { importsTrainer, methodCall } from './usage.ts'

export interface HalfParameters {
  /** The call that turns the module to float16. */
  readonly call: ast.Call
  readonly module: ast.Expression
  /** What raises: `scaler.unscale_(optimizer)` or `scaler.step(optimizer)`. */
  readonly failing: ast.Call
  readonly scaler: ast.Expression
}

export function halfParameters(model: Model): readonly HalfParameters[] {
  if (ampEvents(model).size === 0 || importsTrainer(model) || freezesParameters(model)) return []
  const conversions = conversionsIn(model)
  if (![...conversions.values()].some(({ isHalf }) => isHalf)) return []
  const found = new Map<ast.Call, HalfParameters>()
  const machine = createMachine(model, conversions, each => {
    if (!found.has(each.call)) found.set(each.call, each)
  })
  exploreAll(model, root => explore(model, root, machine), machine.isEvent)
  return [...found.values()].sort((a, b) => a.call.start - b.call.start)
}

/** A module changes its dtype: to float16, or to something else. */
interface Conversion {
  readonly module: Place
  readonly expression: ast.Expression
  readonly isHalf: boolean
}

/** The modules that are in float16, each with the call that made them so. */
type State = ReadonlyMap<Place, ast.Call>

function createMachine(
  model: Model,
  conversions: ReadonlyMap<ast.Call, Conversion>,
  report: (found: HalfParameters) => void,
): Machine<State> {
  const steps = ampEvents(model)
  const elsewhere = conversionsElsewhere(model)
  const nothing: State = new Map()
  return {
    initial: nothing,
    key: state => [...state.keys()].map(({ key }) => key).join('|'),
    isEvent: call => {
      const kind = steps.get(call)?.kind
      return conversions.has(call) || elsewhere.has(call) || kind === 'step' || kind === 'unscale'
    },
    call: (call, { state }) => {
      if (elsewhere.has(call)) return nothing
      const conversion = conversions.get(call)
      if (conversion) return converted(state, call, conversion)
      const event = steps.get(call)
      if (event?.kind !== 'step' && event?.kind !== 'unscale') return state
      if (!isAtWork(model, event.scaler)) return state
      for (const module of modulesOf(model, event.optimizer))
        for (const [halved, at] of state) {
          const expression = conversions.get(at)?.expression
          if (expression && isPartOf(module, halved))
            report({ call: at, module: expression, failing: call, scaler: event.scaler })
        }
      return state
    },
    assign: (_target, _value, { state }) => state,
    iterate: state => state,
    forget: () => nothing,
  }
}

function converted(state: State, call: ast.Call, { module, isHalf }: Conversion): State {
  if (isHalf) return new Map(state).set(module, call)
  return new Map([...state].filter(([halved]) => !isPartOf(halved, module) && !isPartOf(module, halved)))
}

function conversionsIn(model: Model): ReadonlyMap<ast.Call, Conversion> {
  const found = new Map<ast.Call, Conversion>()
  for (const call of model.nodes('Call')) {
    const method = methodCall(call)
    const isHalf = method && turnsToHalf(model, method.method, call)
    if (isHalf === undefined || !method || isModule(model, method.receiver) !== 'yes') continue
    const module = moduleIdentity(model, method.receiver)
    if (module) found.set(call, { module, expression: method.receiver, isHalf })
  }
  return found
}

/** Whose modules another file converts is not known. */
const conversionsElsewhere = (model: Model): ReadonlySet<ast.Call> =>
  new Set(
    nodesRun(model, 'Call').filter(
      call =>
        model.moduleOf(call) !== model.module && turnsToHalf(model, methodCall(call)?.method ?? '', call) !== undefined,
    ),
  )

/** Undefined for a call that leaves the dtype as it is. */
function turnsToHalf(model: Model, method: string, call: ast.Call): boolean | undefined {
  if (method === 'half') return true
  if (method === 'float' || method === 'double' || method === 'bfloat16') return false
  if (method !== 'to' && method !== 'type') return undefined
  const given = [...call.args, ...call.keywords.filter(({ arg }) => arg === 'dtype').map(({ value }) => value)]
  const named = given.map(argument => dtypeOf(model, argument))
  if (named.includes('float16')) return true
  return given.every((argument, index) => named[index] === undefined && isDevice(model, argument)) ? undefined : false
}

function isDevice(model: Model, argument: ast.Expression): boolean {
  return (
    typeof model.constant(argument) === 'number' ||
    deviceTypes(model, argument) !== undefined ||
    /device|rank|gpu|cuda/i.test(model.textOf(argument))
  )
}

/** Are all the scalers that it may be visible, and switched on for certain? */
function isAtWork(model: Model, scaler: ast.Expression): boolean {
  return model
    .values(scaler)
    .filter(({ kind }) => kind !== 'expression')
    .every(value => value.kind === 'instance' && value.creation && enabledOf(model, value.creation) === 'yes')
}

/** The modules whose every parameter the optimizer has. */
function modulesOf(model: Model, optimizer: ast.Expression): readonly Place[] {
  const sources = (creationsOf(model, optimizer) ?? []).flatMap(({ parameters }) =>
    parameters ? (parameterSources(model, parameters) ?? []) : [],
  )
  return sources.filter(({ selection }) => selection === 'all').map(({ module }) => module)
}

/** A frozen parameter has no gradient to unscale. */
function freezesParameters(model: Model): boolean {
  return nodesRun(model, 'Attribute').some(({ attr, parent }) => {
    if (attr === 'requires_grad_') return true
    return attr === 'requires_grad' && parent?.kind === 'Assign'
  })
}
