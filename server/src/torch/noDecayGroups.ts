/** Parameter groups that are meant not to decay, and leave it to the optimizer's default. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { groupDisplays, groupEntry } from './groups.ts'
import { type OptimizerCreation, optimizerCreations } from './optimizers.ts'
import { methodCall } from './usage.ts'
import { decayOf } from './weightDecay.ts'

export interface InheritedDecay {
  readonly group: ast.Dict
  readonly creation: OptimizerCreation
  /** The decay in force, as Python text. */
  readonly decay: string
}

export function inheritedDecays(model: Model): readonly InheritedDecay[] {
  const creations = optimizerCreations(model)
  if (creations.length === 0 || setsDecayLater(model)) return []
  const found = new Map<ast.Dict, InheritedDecay | undefined>()
  for (const creation of creations) {
    const groups = creation.parameters ? groupDisplays(model, creation.parameters) : []
    const decay = decayOf(model, creation)?.text
    const setsDecay = groups.some(group => groupEntry(model, group, 'weight_decay'))
    for (const group of groups) {
      const parameters = groupEntry(model, group, 'params')
      const inherits = !group.keys.includes(undefined) && !groupEntry(model, group, 'weight_decay')
      const isMeant = parameters && inherits && isSpared(model, parameters, setsDecay, 0)
      // A group that two optimizers share is right if one of them does not decay.
      const isRight = found.has(group) && !found.get(group)
      found.set(group, isMeant && decay !== undefined && !isRight ? { group, creation, decay } : undefined)
    }
  }
  return [...found.values()].flatMap(one => one ?? []).sort((a, b) => a.group.start - b.group.start)
}

/** `group["weight_decay"] = 0.0`, `group.update(weight_decay=0.0)`. */
function setsDecayLater(model: Model): boolean {
  const isSet = nodesRun(model, 'Subscript').some(node => {
    const { parent, slice } = node
    const isTarget = parent?.kind === 'Assign' && parent.targets.includes(node)
    return isTarget && model.constant(slice) === 'weight_decay'
  })
  return isSet || nodesRun(model, 'Call').some(call => isUpdate(model, call))
}

function isUpdate(model: Model, call: ast.Call): boolean {
  const method = methodCall(call)?.method
  if (method !== 'update' && method !== 'setdefault') return false
  const isNamed = call.keywords.some(({ arg }) => arg === 'weight_decay')
  return isNamed || model.nodes('Constant', call).some(({ value }) => value === 'weight_decay')
}

const depthLimit = 6

/**
 * Are these the parameters that shall not decay: by their name, or by how they are chosen? The number of dimensions says
 * so only where another group has a decay of its own.
 */
function isSpared(model: Model, node: ast.Expression, setsDecay: boolean, depth: number): boolean {
  if (depth > depthLimit) return false
  const inner = (each: ast.Expression) => isSpared(model, each, setsDecay, depth + 1)
  switch (node.kind) {
    case 'Name':
      return (
        saysNoDecay(node.id) ||
        model.values(node).every(value => value.kind === 'expression' && value.node !== node && inner(value.node))
      )
    case 'Attribute':
      return saysNoDecay(node.attr)
    case 'Call':
      return (
        inner(node.func) ||
        (node.func.kind === 'Name' && node.args.some(inner)) ||
        (node.func.kind === 'Attribute' && inner(node.func.value))
      )
    case 'ListComp':
    case 'GeneratorExp':
      return node.generators.some(
        ({ iter, ifs }) => inner(iter) || ifs.some(condition => isSparing(model, condition, setsDecay)),
      )
    default:
      return false
  }
}

/** `any(name in n for name in no_decay)`, and `p.ndim < 2` where the number of dimensions counts. */
function isSparing(model: Model, condition: ast.Expression, setsDecay: boolean): boolean {
  if (condition.kind === 'Compare' && condition.ops[0] !== 'in') return setsDecay && isVectorTest(model, condition)
  const isNegated = [...model.nodes('UnaryOp', condition)].some(({ op }) => op === 'not')
  const excludes = model.nodes('Compare', condition).some(({ ops }) => ops.some(op => op !== 'in'))
  if (isNegated || excludes || condition.kind === 'BoolOp') return false
  return model.nodes('Name', condition).some(({ id }) => saysNoDecay(id))
}

/** `p.ndim < 2`, `p.dim() <= 1`, `len(p.shape) == 1`. */
function isVectorTest(model: Model, { left, ops, comparators }: ast.Compare): boolean {
  const [op, bound] = [ops[0], comparators[0] && model.constant(comparators[0])]
  if (ops.length !== 1 || !countsDimensions(model, left)) return false
  return (op === '<' && bound === 2) || (op === '<=' && bound === 1) || (op === '==' && bound === 1)
}

function countsDimensions(model: Model, node: ast.Expression): boolean {
  if (node.kind === 'Attribute') return node.attr === 'ndim'
  if (node.kind !== 'Call') return false
  if (node.func.kind === 'Attribute') return node.func.attr === 'dim' || node.func.attr === 'ndimension'
  const [counted] = node.args
  return model.qualifiedName(node.func) === 'builtins.len' && counted?.kind === 'Attribute' && counted.attr === 'shape'
}

function saysNoDecay(name: string): boolean {
  return /(?:^|_)(?:no|non|not|without|skip)_?(?:weight_?)?(?:decay|wd)/i.test(name)
}
