/** Takes the graph off a tensor that is kept: `loss.item()`, `output.detach()`, `loss.item() * x.size(0)`. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { carriesGraph } from '../torch/graphs.ts'
import type { KeptGraph } from '../torch/keptGraphs.ts'
import { textOf } from '../torch/names.ts'
import { isScalarLoss } from '../torch/scalarLosses.ts'
import { groupedRange } from './arguments.ts'
import { insertion } from './edits.ts'
import type { Edit } from './rule.ts'

interface Detached {
  readonly method: 'item' | 'detach'
  /** The operand as it will be written. */
  readonly replacement: string
  readonly edits: readonly Edit[]
}

/** A number will do where a sum of scalars is only computed with; what is asked for methods must stay a tensor. */
export function detached(model: Model, kept: KeptGraph): Detached {
  const tensor = tensorOf(model, kept.value)
  const method = kept.kind === 'added' && isScalarLoss(model, tensor) && isOnlyNumber(model, kept) ? 'item' : 'detach'
  const isPrimary = /^(?:Name|Attribute|Call|Subscript)$/.test(tensor.kind)
  const { start, end } = groupedRange(model, tensor)
  const isGrouped = end > tensor.end
  const suffix = `.${method}()`
  const text = textOf(model, tensor)
  if (isPrimary || isGrouped) {
    const whole = model.text.slice(start, end)
    return { method, replacement: whole + suffix, edits: [insertion(end, suffix)] }
  }
  return {
    method,
    replacement: `(${text})${suffix}`,
    edits: [insertion(tensor.start, '('), insertion(tensor.end, `)${suffix}`)],
  }
}

/** The operand that has the graph: `loss` of `loss * x.size(0)`. */
function tensorOf(model: Model, value: ast.Expression): ast.Expression {
  if (value.kind !== 'BinOp') return value
  const [left, right] = [value.left, value.right].map(side => carriesGraph(model, side) === 'yes')
  if (left && !right) return tensorOf(model, value.left)
  return right && !left ? tensorOf(model, value.right) : value
}

/** Does the script only calculate with the total, print it, format it and return it? */
function isOnlyNumber(model: Model, { container }: KeptGraph): boolean {
  const place = model.place(container)
  if (!place || container.kind === 'Subscript') return false
  const reads = [...model.nodes('Name'), ...model.nodes('Attribute')].filter(node => model.place(node) === place)
  return reads.every(({ parent, start }) => {
    if (parent?.kind === 'Attribute') return false
    if (parent?.kind !== 'Call' || parent.func.start === start) return true
    return /^builtins\.(?:print|float|round|str|format)$/.test(model.qualifiedName(parent.func) ?? '')
  })
}
