/**
 * Makes a training step use a GradScaler, as one would write it:
 *
 *     optimizer = SGD(…)              optimizer = SGD(…)
 *                                     scaler = torch.amp.GradScaler("cuda")
 *     loss.backward()                 scaler.scale(loss).backward()
 *                                     scaler.unscale_(optimizer)
 *     clip_grad_norm_(…)              clip_grad_norm_(…)
 *     optimizer.step()                scaler.step(optimizer)
 *                                     scaler.update()
 *
 * A checkpoint that has the optimizer's state gets the scaler's too.
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import type { BackwardPass } from '../torch/backward.ts'
import { checkpoints } from '../torch/checkpoints.ts'
import { isAtLeast } from '../torch/deprecations.ts'
import { type EventKind, eventOf } from '../torch/events.ts'
import { nameOf, textOf } from '../torch/names.ts'
import { creationsOf } from '../torch/optimizers.ts'
import { unitOf } from '../torch/units.ts'
import { methodCall } from '../torch/usage.ts'
import { groupedRange } from './arguments.ts'
import { saveState } from './checkpointEntry.ts'
import { inOrder, insertAfter, insertBefore, insertion, replace } from './edits.ts'
import { type Reference, reference } from './imports.ts'
import { quoteOf, statementOf } from './layout.ts'
import type { Edit } from './rule.ts'

/**
 * Undefined where the step is not one backward pass and one optimizer that is made in sight. `device`: what autocast is
 * given for it.
 */
export function insertScaler(
  model: Model,
  backward: BackwardPass,
  device: ast.Expression | undefined,
  torchVersion: string | undefined,
): readonly Edit[] | undefined {
  const step = onlyStep(model, backward.call)
  const creation = step && visibleCreation(model, step)
  const made = creation && constructorOf(model, creation, device, torchVersion)
  if (!step || !creation || !made) return undefined
  const optimizer = textOf(model, step.optimizer)
  const scaler = optimizer.startsWith('self.') ? 'self.scaler' : 'scaler'
  const saved = checkpoints(model).map(checkpoint =>
    isVisible(model, creation, checkpoint.dict) ? saveState(model, checkpoint, 'scaler', scaler) : undefined,
  )
  if (saved.includes(undefined)) return undefined
  return inOrder([
    ...made.edits,
    ...insertAfter(model, creation, [`${scaler} = ${made.text}`]),
    ...scale(model, backward.loss, scaler),
    ...step.clips.flatMap(clip => insertBefore(model, clip, [`${scaler}.unscale_(${optimizer})`])),
    replace(step.call, `${scaler}.step(${optimizer})`),
    ...insertAfter(model, step.call, [`${scaler}.update()`]),
    ...saved.flatMap(edits => edits ?? []),
  ])
}

interface Step {
  readonly call: ast.Call
  readonly optimizer: ast.Expression
  readonly clips: readonly ast.Call[]
}

/** The one step, in the function of the one backward pass and behind it, with at most one clipping between them. */
function onlyStep(model: Model, backward: ast.Call): Step | undefined {
  const scope = model.scope(backward)
  const near = model
    .nodes('Call', scope.kind === 'Module' ? undefined : scope)
    .filter(call => model.scope(call) === scope)
  const of = (kind: EventKind) => near.filter(call => eventOf(model, call)?.kind === kind)
  const [call, ...others] = of('step')
  const clips = of('clip')
  const optimizer = call && methodCall(call)?.receiver
  if (!optimizer || others.length > 0 || of('backward').length > 1 || clips.length > 1) return undefined
  if (call.args.length > 0 || changesGradients(model, near)) return undefined
  const isOrdered = [backward, ...clips, call].every((each, index, all) => each.start >= (all[index - 1]?.end ?? 0))
  return isOrdered && statementOf(call).kind === 'Expr' ? { call, optimizer, clips } : undefined
}

/** `p.grad.data.mul_(0.5)`. */
function changesGradients(model: Model, calls: readonly ast.Call[]): boolean {
  return calls.some(({ func }) => /\.grad\b.*_$/.test(textOf(model, func)))
}

/** What made the optimizer, where a scaler beside it has a name that holds at the step too. */
function visibleCreation(model: Model, { call, optimizer }: Step): ast.Call | undefined {
  const [creation, ...others] = creationsOf(model, optimizer) ?? []
  if (!creation || others.length > 0 || nameOf(model, creation.call) !== textOf(model, optimizer)) return undefined
  return isVisible(model, creation.call, call) ? creation.call : undefined
}

/** Does a name that is assigned where the optimizer is made hold at another node too? */
function isVisible(model: Model, creation: ast.Call, node: ast.Node): boolean {
  if (!nameOf(model, creation)?.includes('.')) {
    const scope = model.scope(creation)
    return scope === model.module || scope === model.scope(node)
  }
  return nameOf(model, creation)?.startsWith('self.') === true && unitOf(creation) === unitOf(node)
}

/** `torch.amp.GradScaler("cuda")`, for the device of the autocast where its name is known beside the optimizer. */
function constructorOf(
  model: Model,
  creation: ast.Call,
  device: ast.Expression | undefined,
  torchVersion: string | undefined,
): Reference | undefined {
  const isNew = torchVersion === undefined || isAtLeast(torchVersion, '2.3')
  const found = reference(model, isNew ? 'torch.amp.GradScaler' : 'torch.cuda.amp.GradScaler', creation)
  if (!found || !isNew) return found && { ...found, text: `${found.text}()` }
  const quote = quoteOf(model)
  const argument = device && holdsAt(model, device, creation) ? textOf(model, device) : `${quote}cuda${quote}`
  return { ...found, text: `${found.text}(${argument})` }
}

/** Is it a literal, or a variable that only the module, or the function of `node`, assigns above `node`? */
function holdsAt(model: Model, device: ast.Expression, node: ast.Node): boolean {
  if (device.kind === 'Constant') return true
  if (device.kind === 'Attribute') return device.attr === 'type' && holdsAt(model, device.value, node)
  if (device.kind !== 'Name') return false
  const [assignment, ...others] = model
    .nodes('Assign')
    .filter(({ targets }) => targets.some(target => target.kind === 'Name' && target.id === device.id))
  if (!assignment || others.length > 0 || model.nodes('Parameter').some(({ name }) => name === device.id)) return false
  const scope = model.scope(assignment)
  return assignment.end <= node.start && (scope === model.module || scope === model.scope(node))
}

/** `(a + b).backward()` has the parentheses of the call already. */
function scale(model: Model, loss: ast.Expression, scaler: string): readonly Edit[] {
  const { start } = groupedRange(model, loss)
  if (start < loss.start) return [insertion(start, `${scaler}.scale`)]
  return [insertion(loss.start, `${scaler}.scale(`), insertion(loss.end, ')')]
}
