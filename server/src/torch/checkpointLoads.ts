/**
 * Checkpoints that are loaded to wherever they were saved from, and copied to a model that is on CUDA already, or to an
 * optimizer. Weights that somebody published were as a rule saved from the CPU, and are loaded before the model moves.
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { movesToCuda } from './devices.ts'
import { moduleIdentity } from './modules.ts'
import { isOptimizer } from './optimizers.ts'
import { type MethodCall, methodCall } from './usage.ts'

export interface CheckpointLoad {
  readonly call: ast.Call
  /** `model.load_state_dict(…)`, which copies what was loaded. */
  readonly use: ast.Call
}

export function unmappedLoads(model: Model): readonly CheckpointLoad[] {
  const loads = model
    .calls(['torch.load'])
    .filter(
      call =>
        model.argument(call, 'map_location', 1).kind === 'absent' &&
        !isAlternative(model, call) &&
        !isWithoutCuda(model, call),
    )
  const moves = loads.length > 0 ? model.nodes('Call').filter(call => movesToCuda(model, call)) : []
  if (moves.length === 0) return []
  const uses = model.nodes('Call').flatMap(use => {
    const method = methodCall(use)
    const [state] = method?.method === 'load_state_dict' ? use.args : []
    if (!method || !state || !isOnCuda(model, method, moves)) return []
    return [{ use, origins: originsOf(model, state) }]
  })
  return loads.flatMap(call => {
    const found = uses.find(({ origins }) => origins.has(call))
    return found ? [{ call, use: found.use }] : []
  })
}

/** Was the model moved above, or is it an optimizer, whose state is where the model's parameters are? */
function isOnCuda(model: Model, { receiver, call }: MethodCall, moves: readonly ast.Call[]): boolean {
  if (isOptimizer(model, receiver) === 'yes') return true
  const identity = moduleIdentity(model, receiver)
  return moves
    .filter(move => move.end <= call.start && !isOtherMethod(model, move, call))
    .flatMap(move =>
      [methodCall(move)?.receiver ?? [], move.parent?.kind === 'Assign' ? move.parent.targets : []].flat(),
    )
    .some(moved => identity !== undefined && moduleIdentity(model, moved) === identity)
}

/** Does the move stand in another method than the constructor, which may run later, or for a moment only? */
function isOtherMethod(model: Model, move: ast.Call, use: ast.Call): boolean {
  const scope = model.scope(move)
  if (scope.kind !== 'FunctionDef' || scope === model.scope(use)) return false
  return (
    scope.parent?.kind === 'ClassDef' &&
    !/^(?:__init__|_?(?:init|build|setup|set|create|make|get)\w*)$/.test(scope.name)
  )
}

/** Every node that a value was taken from, through names and parts: `checkpoint["model"]`, `{k: v for k, v in …}`. */
function originsOf(model: Model, expression: ast.Expression): ReadonlySet<ast.Node> {
  const seen = new Set<ast.Node>()
  const pending: ast.Expression[] = [expression]
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    pending.push(...model.nodes('Name', node).flatMap(name => model.sources(name)), ...model.nodes('Call', node))
  }
  return seen
}

/** The other branch says where to: the script tells machines with and without a GPU apart. */
function isAlternative(model: Model, call: ast.Call): boolean {
  for (let at = call.parent; at && at.kind !== 'FunctionDef'; at = at.parent) {
    if (at.kind !== 'If' && at.kind !== 'IfExp') continue
    const branch = at
    const others = model.calls(['torch.load'], at).filter(other => isInBody(branch, other) !== isInBody(branch, call))
    if (others.some(other => model.argument(other, 'map_location', 1).kind !== 'absent')) return true
  }
  return false
}

/** The branch for machines without a GPU: there the load may fail, but it takes no memory of one. */
function isWithoutCuda(model: Model, call: ast.Call): boolean {
  for (let at = call.parent; at && at.kind !== 'FunctionDef'; at = at.parent) {
    if (at.kind !== 'If' && at.kind !== 'IfExp') continue
    const { test } = at
    const [asked, isNegated] = test.kind === 'UnaryOp' && test.op === 'not' ? [test.operand, true] : [test, false]
    if (asked.kind !== 'Call' || model.qualifiedName(asked.func) !== 'torch.cuda.is_available') continue
    const isElsewhere = !isInBody(at, call) && !encloses(at.test, call)
    if (isNegated ? isInBody(at, call) : isElsewhere) return true
  }
  return false
}

function isInBody({ body }: ast.If | ast.IfExp, node: ast.Node): boolean {
  const parts: readonly ast.Node[] = 'kind' in body ? [body] : body
  return parts.some(part => encloses(part, node))
}
