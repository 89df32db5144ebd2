/** What calls do to the mode of models, and what else decides whether it matters. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { runsBackward } from './backpropagation.ts'
import { eventOf } from './events.ts'
import { isModule, isWithinModule, mayHold, moduleIdentity } from './modules.ts'
import { methodCall } from './usage.ts'

/** `unknown`: it may switch any model, or one by another name. */
export type ModeEvent = 'mode' | 'forward' | 'backward' | 'step' | 'unknown'

/** The events that matter to the models which these calls switch to evaluation. */
export function modeEvents(model: Model, evals: ReadonlySet<ast.Call>): ReadonlyMap<ast.Call, ModeEvent> {
  const modules = [...evals].map(call => methodCall(call)?.receiver).filter(module => module !== undefined)
  const identities = new Set(modules.flatMap(module => moduleIdentity(model, module) ?? []))
  const isOne = (node: ast.Expression): boolean => {
    const place = node.kind === 'Name' || node.kind === 'Attribute' ? moduleIdentity(model, node) : undefined
    return place !== undefined && identities.has(place)
  }
  const kindOf = (call: ast.Call): ModeEvent | undefined => {
    const method = methodCall(call)
    if (
      (method?.method === 'train' || method?.method === 'eval') &&
      isModule(model, method.receiver) !== 'no' &&
      !isOwnMethod(model, call)
    )
      return modules.some(each => isWholeOf(model, method.receiver, each)) ? 'unknown' : 'mode'
    const kind = eventOf(model, call)?.kind
    if (kind === 'forward') return 'forward'
    if (kind === 'step') return 'step'
    if (runsBackward(model, call)) return 'backward'
    return mayChangeMode(model, call, isOne) ? 'unknown' : undefined
  }
  return new Map(
    nodesRun(model, 'Call').flatMap(call => {
      const kind = kindOf(call)
      return kind ? [[call, kind] as const] : []
    }),
  )
}

/** `train()` and `train(True)`. */
export function turnsOn(model: Model, call: ast.Call): boolean {
  const [mode] = [...call.args, ...call.keywords.map(({ value }) => value)]
  return methodCall(call)?.method === 'train' && (mode === undefined || model.constant(mode) === true)
}

/** Does the one hold the other under another name? `Seq2Seq(encoder, decoder)` is not known by the name of its parts. */
function isWholeOf(model: Model, whole: ast.Expression, part: ast.Expression): boolean {
  return moduleIdentity(model, whole) !== moduleIdentity(model, part) && mayHold(model, whole, part)
}

/** `trainer.train()` of a class of the file runs what it says. */
function isOwnMethod(model: Model, call: ast.Call): boolean {
  const callee = model.callee(call)
  return (
    callee.kind === 'function' &&
    !isWithinModule(model, callee.node.kind === 'FunctionDef' ? (callee.node.body[0] ?? callee.node) : callee.node)
  )
}

/** `getattr(model, mode)()` and `map(lambda m: m.train(), …)` may do anything. */
const harmless = /^(?:builtins\.(?!getattr|map|exec|eval)|(?:copy|torch|logging|numpy|wandb|os|time)\b)/

/** Something from elsewhere gets the model, or is named for what it does to it. */
function mayChangeMode(model: Model, call: ast.Call, isOne: (node: ast.Expression) => boolean): boolean {
  const callee = model.callee(call)
  if (callee.kind === 'function' || callee.kind === 'class') return false
  if (callee.kind === 'symbol' && harmless.test(callee.name)) return false
  const { func } = call
  const last = func.kind === 'Attribute' ? func.attr : func.kind === 'Name' ? func.id : ''
  if (/(?:^|_)(?:train|mode|training)(?:_|$)/i.test(last)) return true
  return [...call.args, ...call.keywords.map(({ value }) => value)].some(isOne)
}
