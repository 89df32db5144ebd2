/**
 * Gradient accumulation: one backward pass in each iteration, one step of the optimizer in every few.
 *
 *     for i, (x, y) in enumerate(loader):
 *         loss = criterion(model(x), y) / 4
 *         loss.backward()
 *         if (i + 1) % 4 == 0:
 *             optimizer.step()
 *             optimizer.zero_grad()
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type BackwardPass, backwardPasses } from './backward.ts'
import { eventOf } from './events.ts'
import { remember } from './remember.ts'
import { methodCall } from './usage.ts'

export interface Accumulation {
  readonly loop: ast.For | ast.While
  readonly backward: BackwardPass
  /** The branch of every few iterations. */
  readonly branch: ast.If
  /** `(i + 1) % 4 == 0`. */
  readonly test: Remainder
  readonly step: ast.Call
}

interface Remainder {
  readonly counter: ast.Expression
  readonly every: ast.Expression
  /** The part of the branch's test that asks. */
  readonly compare: ast.Compare
}

/** One for each loop that runs one backward pass in each iteration, and steps only in a branch. */
export const accumulations = remember((model: Model): readonly Accumulation[] => {
  const plain = new Map(backwardPasses(model).map(pass => [pass.call, pass]))
  const passes = model.nodes('Call').flatMap(call => plain.get(call) ?? wrappedPass(call) ?? [])
  if (passes.length === 0) return []
  return model.nodes('If').flatMap(branch => {
    const [loop] = model.loops(branch)
    const test = branch.isElif || branch.orelse.length > 0 ? undefined : remainderOf(model, branch.test)
    if (!loop || !test) return []
    const steps = branch.body.flatMap(statement => model.nodes('Call', statement)).filter(call => isStep(model, call))
    const [step] = steps
    const inLoop = passes.filter(({ call }) => call.start >= loop.start && call.end <= loop.end)
    const [backward] = inLoop
    if (!step || !backward || inLoop.length > 1 || steps.length > 1) return []
    const isEachTime = backward.call.end <= branch.start && isUnconditional(model, backward.call, loop)
    // Gradients that are cleared in each iteration are not accumulated.
    const others = model.nodes('Call', loop).filter(call => {
      if (call === step) return false
      return isStep(model, call) || (eventOf(model, call)?.kind === 'zero_grad' && isUnconditional(model, call, loop))
    })
    return isEachTime && others.length === 0 ? [{ loop, backward, branch, test, step }] : []
  })
})

/** The library that wraps an optimizer leaves its name to it: `accelerator.backward(loss)`, `optimizer.step()`. */
function wrappedPass(call: ast.Call): BackwardPass | undefined {
  const [loss] = call.args
  return loss && methodCall(call)?.method === 'backward' ? { call, loss } : undefined
}

function isStep(model: Model, call: ast.Call): boolean {
  if (eventOf(model, call)?.kind === 'step') return true
  const method = methodCall(call)
  return method?.method === 'step' && /optim\w*$/i.test(model.text.slice(method.receiver.start, method.receiver.end))
}

/** `i % n == 0`, alone or as one of several reasons: `i % n == 0 or i == last`. */
function remainderOf(model: Model, test: ast.Expression): Remainder | undefined {
  if (test.kind === 'BoolOp' && test.op === 'or') {
    const found = test.values.flatMap(value => remainderOf(model, value) ?? [])
    return found.length === 1 ? found[0] : undefined
  }
  if (test.kind !== 'Compare' || test.ops.length !== 1 || test.ops[0] !== '==') return undefined
  const [zero] = test.comparators
  const { left } = test
  if (!zero || model.constant(zero) !== 0 || left.kind !== 'BinOp' || left.op !== '%') return undefined
  return { counter: left.left, every: left.right, compare: test }
}

/** Nothing but `with` stands between the loop and the call. */
function isUnconditional(model: Model, call: ast.Call, loop: ast.Node): boolean {
  for (let at = call.parent; at && at !== loop; at = at.parent)
    if (!/^(?:Expr|With|WithItem|Attribute|Call|Assign)$/.test(at.kind)) return false
  return model.loops(call)[0] === loop
}
