/**
 * The calls that ran to compute a value: backwards through assignments, into the functions of the file that were called,
 * and out to the arguments of their callers. What a loop iterates over is data, and is not followed.
 *
 *     def compute_loss(x, y):
 *         with autocast("cuda"):
 *             return criterion(model(x), y)     computed loss: criterion(…), model(x)
 *
 *     loss = compute_loss(x, y)                 compute_loss(…)
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { children } from '../syntax/walk.ts'
import { tensorMethods } from './facts/tensors.ts'
import { passedArguments } from './passedArguments.ts'
import { methodCall } from './usage.ts'

export interface Computation {
  readonly calls: readonly ast.Call[]
  /** False if code ran that is not visible. */
  readonly isComplete: boolean
}

export function computationOf(model: Model, expression: ast.Expression): Computation {
  const calls = new Set<ast.Call>()
  const seen = new Set<ast.Node>()
  const pending: ast.Node[] = [expression]
  let isComplete = true
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (node.kind === 'Name') pending.push(...originsOf(model, node))
    else if (node.kind === 'Attribute')
      pending.push(...(detaching.has(node.attr) ? [] : stored(model, node)), node.value)
    else if (node.kind === 'Call') {
      if (isDetaching(node)) continue
      calls.add(node)
      const code = codeOf(model, node)
      if (code === 'unknown') isComplete = false
      else if (code) pending.push(...model.nodes('Call', code))
      pending.push(...children(node))
    } else pending.push(...children(node))
  }
  return { calls: [...calls], isComplete }
}

/** What was assigned to a name, or passed for a parameter. */
function originsOf(model: Model, name: ast.Name): readonly ast.Expression[] {
  const assigned = model.sources(name).filter(source => source.parent?.kind !== 'For')
  return assigned.length > 0 ? assigned : passedArguments(model, name)
}

/** The calls that made the object of an attribute: `self.criterion`. */
function stored(model: Model, node: ast.Attribute): readonly ast.Expression[] {
  return model.values(node).flatMap(value => {
    if (value.kind === 'instance') return value.creation ? [value.creation] : []
    if (value.kind === 'result') return [value.call]
    return value.kind === 'expression' && value.node !== node ? [value.node] : []
  })
}

/** The code of the file that a call runs, if it runs any. */
function codeOf(model: Model, call: ast.Call): ast.FunctionLike | 'unknown' | undefined {
  const callee = model.callee(call)
  if (callee.kind === 'function') return callee.node
  if (callee.kind === 'class') return undefined
  if (callee.kind === 'symbol') return isKnown(callee.name) ? undefined : 'unknown'
  const method = methodCall(call)
  return method && tensorMethods.has(method.method) ? undefined : 'unknown'
}

/** A module of which no more is known may be of any class. */
const isKnown = (name: string): boolean => libraries.test(name) && name !== 'torch.nn.Module.__call__'

/** Libraries whose code runs in the precision of their inputs. */
const libraries =
  /^(?:builtins|copy|einops|functools|itertools|math|numpy|os|random|time|timm|torch|torchvision|tqdm)\b/

const detaching: ReadonlySet<string> = new Set(['data', 'detach', 'item', 'numpy', 'shape', 'size', 'tolist'])

function isDetaching(call: ast.Call): boolean {
  const method = methodCall(call)
  return method !== undefined && detaching.has(method.method)
}
