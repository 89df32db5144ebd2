/**
 * Which forward passes a value is computed from on a path, and what has become of their graphs. A forward pass is named by
 * its call, and is there anew wherever the call runs again.
 *
 *     fake = G(noise)               fake: G(noise)
 *     d_loss = D(fake).mean()       d_loss: D(fake), G(noise)
 *     d_loss.backward()             both are freed
 *     g_loss = -D(fake).mean()      g_loss: D(fake), built; G(noise), freed
 */
import type { Moment } from '../../semantic/explore.ts'
import { objectKey } from '../../semantic/frames.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { dropCells, setCell } from '../cells.ts'
import { lossClasses } from '../facts/losses.ts'
import { isGradientFree } from '../loops.ts'
import { isModule } from '../modules.ts'
import { methodCall } from '../usage.ts'
import type { GradientState } from './survey.ts'

/** What has become of a graph: kept by a backward pass that retains it, or maybe retains it. */
export type GraphCondition = 'built' | 'kept' | 'freed'

export const graphCell = (variable: string): string => `graph|${variable}`
export const nodeCell = (forward: string): string => `node|${forward}`
/** The parameters of the module have been stepped since. */
export const changedCell = (forward: string): string => `changed|${forward}`

/** The forward passes that a value is certainly computed from; those that run in the expression itself are new. */
export interface Graph {
  readonly forwards: ReadonlySet<string>
  readonly added: readonly ast.Call[]
}

export function graphOf(model: Model, expression: ast.Expression, moment: Moment<GradientState>): Graph {
  const forwards = new Set<string>()
  const added: ast.Call[] = []

  const visit = (node: ast.Expression): void => {
    switch (node.kind) {
      case 'Name':
      case 'Attribute':
        read(node)
        break
      case 'BinOp':
        visit(node.left)
        visit(node.right)
        break
      case 'UnaryOp':
        visit(node.operand)
        break
      case 'List':
      case 'Tuple':
        for (const element of node.elements) visit(element)
        break
      case 'Call':
        call(node)
        break
    }
  }

  const read = (node: ast.Name | ast.Attribute): void => {
    const key = objectKey(model, node, moment.frame)
    const held = key === undefined ? undefined : moment.state.cells.get(graphCell(key))
    for (const forward of held?.value.split(',') ?? []) forwards.add(forward)
  }

  const call = (node: ast.Call): void => {
    const flow = flowThrough(model, node)
    if (!flow || isGradientFree(model, node)) return
    for (const input of flow.inputs) visit(input)
    if (!flow.isForward) return
    forwards.add(String(node.end))
    added.push(node)
  }

  visit(expression)
  return { forwards, added }
}

/** A variable holds a value: the graphs of forward passes that have just run are built, the older ones are out of reach. */
export function hold(state: GradientState, variable: string, { forwards, added }: Graph): GradientState {
  const rebuilt = build(state, added)
  if (forwards.size === 0) return dropCells(rebuilt, name => name === graphCell(variable))
  return setCell(rebuilt, graphCell(variable), [...forwards].sort().join(','))
}

export function build(state: GradientState, added: readonly ast.Call[]): GradientState {
  if (added.length === 0) return state
  const again = new Set(added.map(({ end }) => String(end)))
  const isHeld = (value: string): boolean => value.split(',').some(forward => again.has(forward))
  const stale = [...state.cells].flatMap(([name, { value }]) =>
    name.startsWith('graph|') && isHeld(value) ? [name] : [],
  )
  const cleared = dropCells(
    state,
    name => stale.includes(name) || [...again].some(forward => name === changedCell(forward)),
  )
  return [...again].reduce((at, forward) => setCell(at, nodeCell(forward), 'built'), cleared)
}

/** Whatever is not followed may have rebuilt any graph. */
export const forgetGraphs = (state: GradientState): GradientState =>
  dropCells(state, name => /^(?:graph|node|changed)\|/.test(name))

interface FlowThrough {
  /** The arguments that the result is certainly computed from, differentiably. */
  readonly inputs: readonly ast.Expression[]
  /** Does the call save tensors that a backward pass needs, and frees? */
  readonly isForward: boolean
}

function flowThrough(model: Model, call: ast.Call): FlowThrough | undefined {
  const [first] = call.args
  const name = model.qualifiedName(call.func)
  if (name !== undefined) {
    if (criterionFunction.test(name)) return { inputs: first ? [first] : [], isForward: true }
    if (differentiable.test(name)) return { inputs: call.args, isForward: false }
  }
  const values = call.func.kind === 'Call' ? [] : model.values(call.func)
  const isCriterion =
    values.length > 0 &&
    values.every(
      value =>
        value.kind === 'instance' &&
        typeof value.of === 'string' &&
        Object.hasOwn(lossClasses, value.of.replace('torch.nn.', '')),
    )
  if (isCriterion) return { inputs: first ? [first] : [], isForward: true }
  const method = methodCall(call)
  if (method && differentiableMethods.has(method.method)) return { inputs: [method.receiver], isForward: false }
  if (call.func.kind !== 'Name' && call.func.kind !== 'Attribute') return undefined
  if (isModule(model, call.func) !== 'yes') return undefined
  return { inputs: values.every(value => isTransparent(model, value)) ? call.args : [], isForward: true }
}

const criterionFunction = /^torch\.nn\.functional\.(?:\w*_loss|\w*cross_entropy\w*|kl_div)$/
const differentiable =
  /^torch\.(?:abs|cat|concat|exp|log|matmul|mean|mm|mul|pow|relu|reshape|sigmoid|softmax|sqrt|squeeze|stack|sum|tanh|unsqueeze|nn\.functional\.(?:elu|gelu|leaky_relu|log_softmax|normalize|relu|sigmoid|softmax|softplus|tanh))$/
const differentiableMethods: ReadonlySet<string> = new Set(
  'abs clone contiguous cpu cuda div exp expand flatten float log matmul mean mul permute pow relu reshape scale sigmoid softmax sqrt squeeze sum tanh to transpose unsqueeze view'.split(
    ' ',
  ),
)

/** A module whose output depends on all of its inputs: nothing in it cuts the graph. */
function isTransparent(model: Model, value: ReturnType<Model['values']>[number]): boolean {
  if (value.kind !== 'instance') return false
  if (typeof value.of === 'string') return /^torch\.nn\.[A-Z]\w*$/.test(value.of) && value.of !== 'torch.nn.Module'
  return !model
    .nodes('Attribute', value.of)
    .some(({ attr }) => /^(?:data|detach_?|no_grad|requires_grad_?)$/.test(attr))
}
