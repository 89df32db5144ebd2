/**
 * Runs the code that builds and applies a model, as far as its text tells what it does: `__init__` with the arguments of
 * the call that makes the model, loops over ranges that are written out, helpers such as `_make_layer`, then `forward`.
 *
 *     class Net(nn.Module):
 *         def __init__(self, width, norm=True):
 *             super().__init__()
 *             self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(2)])
 *             if norm:
 *                 self.norm = nn.LayerNorm(width)
 *
 *     model = Net(args.width)       layers.0.weight, layers.0.bias, layers.1.weight, layers.1.bias, norm.weight, norm.bias
 *
 * Where a test is not decided both ways run and meet; a loop whose length is not known runs once, for one or more. What
 * cannot be followed is `unknown`. A budget bounds the work.
 */
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { callValue } from './calls.ts'
import { evaluateExpression } from './expressions.ts'
import { runBlock } from './statements.ts'
import { type Arguments, fork, joinStates, type State, unknown, type Value } from './values.ts'

export interface Evaluation {
  readonly model: Model
  evaluate(node: ast.Expression, frame: Frame): Value
  /** Runs the statements; false if control does not get behind them. */
  run(statements: readonly ast.Statement[], frame: Frame): boolean
  call(callee: Value, given: Arguments, site: ast.Call | undefined, frame: Frame): Value
  /** What the script, outside of the functions that are running, has for a node. */
  remembered(node: ast.Node, compute: (frame: Frame) => Value, frame: Frame): Value
  /** Tells what a call passes, where it is the one that is watched. */
  observe(call: ast.Call, given: Arguments, frame: Frame): void
  /** Takes one step; false where there are none left. */
  step(): boolean
}

/** A function that is running, or the script around everything. */
export interface Frame {
  state: State
  /** The function; undefined outside of all that are running. */
  readonly code: ast.FunctionLike | undefined
  readonly caller: Frame | undefined
  /** The running function that this one is written in. */
  readonly outer: Frame | undefined
  readonly depth: number
  /** The class whose method it is, and the object: what `super()` means. */
  readonly method: { readonly class: ast.ClassDef; readonly self: Value } | undefined
  /** In a loop of which the length is not known. */
  isRepeated: boolean
  readonly returns: { readonly value: Value; readonly state: State }[]
  /** Where the innermost loop was left, and where its next turn begins. */
  breaks: State[]
  continues: State[]
}

/** Expressions that one question may evaluate. */
const budget = 20_000

export function createEvaluation(model: Model, observe: Evaluation['observe'] = () => {}): Evaluation {
  let steps = 0
  const active = new Set<ast.Node>()
  const known = new Map<ast.Node, { readonly value: Value; readonly state: State }>()
  const evaluation: Evaluation = {
    model,
    evaluate: (node, frame) => (evaluation.step() ? evaluateExpression(evaluation, node, frame) : unknown),
    run: (statements, frame) => runBlock(evaluation, statements, frame),
    call: (callee, given, site, frame) => callValue(evaluation, callee, given, site, frame),
    remembered(node, compute, frame) {
      const answer = known.get(node)
      if (answer) return adopt(answer, frame)
      if (active.has(node)) return unknown
      active.add(node)
      const outside = scriptFrame()
      const value = compute(outside)
      active.delete(node)
      known.set(node, { value, state: outside.state })
      return adopt({ value, state: outside.state }, frame)
    },
    observe,
    step: () => ++steps < budget,
  }
  return evaluation
}

/** What happens to an object inside a function that is running has happened to it: it is taken over once. */
function adopt({ value, state }: { readonly value: Value; readonly state: State }, frame: Frame): Value {
  if (value.kind === 'object' && frame.state.heap.has(value.identity)) return value
  for (const [identity, contents] of state.heap)
    if (!frame.state.heap.has(identity)) frame.state.heap.set(identity, contents)
  return value
}

export function scriptFrame(): Frame {
  return {
    state: { locals: new Map(), heap: new Map() },
    code: undefined,
    caller: undefined,
    outer: undefined,
    depth: 0,
    method: undefined,
    isRepeated: false,
    returns: [],
    breaks: [],
    continues: [],
  }
}

/** Runs each way from here, and goes on from where those that get through meet; false if none does. */
export function branch(frame: Frame, ways: readonly (() => boolean)[]): boolean {
  const before = frame.state
  let after: State | undefined
  for (const way of ways) {
    frame.state = fork(before)
    if (way()) after = after ? joinStates(after, frame.state) : frame.state
  }
  frame.state = after ?? before
  return after !== undefined
}
