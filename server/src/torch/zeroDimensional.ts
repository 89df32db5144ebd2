/** Tensors of no dimension, such as a loss: they have one value and no index. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { lossClasses, lossFunctions } from './facts/losses.ts'
import { isTensor } from './tensors.ts'
import { methodCall } from './usage.ts'

/** An index into such a tensor, `loss.data[0]`, and the tensor without `.data`. */
export interface ScalarIndex {
  readonly node: ast.Subscript
  readonly tensor: ast.Expression
}

export function scalarIndices(model: Model): readonly ScalarIndex[] {
  return model.nodes('Subscript').flatMap(node => {
    const index = node.slice.kind === 'Constant' && node.slice.type === 'int' ? node.slice.value : undefined
    if (index !== 0 || !isRead(node) || !isZeroDimensional(model, node.value, 0)) return []
    const tensor = node.value.kind === 'Attribute' && node.value.attr === 'data' ? node.value.value : node.value
    return [{ node, tensor }]
  })
}

function isRead(node: ast.Subscript): boolean {
  const { parent } = node
  if (parent?.kind === 'Assign') return !parent.targets.includes(node)
  if (parent?.kind === 'AugAssign' || parent?.kind === 'AnnAssign') return parent.target !== node
  return parent?.kind !== 'Delete'
}

const depthLimit = 8

function isZeroDimensional(model: Model, expression: ast.Expression, depth: number): boolean {
  if (depth > depthLimit) return false
  const inner = (node: ast.Expression) => isZeroDimensional(model, node, depth + 1)
  switch (expression.kind) {
    case 'Name': {
      const sources = model.sources(expression)
      return sources.length > 0 && sources.every(source => isWhole(source, expression) && inner(source))
    }
    case 'Attribute':
      return expression.attr === 'data' && inner(expression.value)
    case 'BinOp':
      return (
        (inner(expression.left) && (inner(expression.right) || isNumber(model, expression.right))) ||
        (isNumber(model, expression.left) && inner(expression.right))
      )
    case 'UnaryOp':
      return inner(expression.operand)
    case 'Call':
      return isReduced(model, expression, inner)
    default:
      return false
  }
}

/** A criterion that reduces, a sum or mean over everything, or what keeps the shape of one. */
function isReduced(model: Model, call: ast.Call, inner: (node: ast.Expression) => boolean): boolean {
  if (isLoss(model, call)) return true
  const name = model.qualifiedName(call.func) ?? ''
  const [first] = call.args
  if (reducingFunctions.has(name))
    return call.args.length === 1 && call.keywords.length === 0 && first?.kind !== 'Starred'
  const method = methodCall(call)
  if (!method) return false
  if (shapeKeeping.has(method.method)) return inner(method.receiver)
  if (!reducingMethods.has(method.method) || call.args.length > 0 || call.keywords.length > 0) return false
  return isTensor(model, method.receiver) === 'yes' || inner(method.receiver)
}

function isLoss(model: Model, call: ast.Call): boolean {
  const [, functional = ''] = /^torch\.nn\.functional\.(\w+)$/.exec(model.qualifiedName(call.func) ?? '') ?? []
  if (Object.hasOwn(lossFunctions, functional)) return reduces(model, call)
  const { func } = call
  if (func.kind !== 'Name' && func.kind !== 'Attribute' && func.kind !== 'Call') return false
  return model.values(func).every(value => {
    if (value.kind !== 'instance' || typeof value.of !== 'string' || !value.creation) return false
    const [, name = ''] = /^torch\.nn\.(\w+)$/.exec(value.of) ?? []
    return Object.hasOwn(lossClasses, name) && reduces(model, value.creation)
  })
}

/** Without `reduction`, `reduce` and unpacked keywords; the mean is the default. */
function reduces(model: Model, { args, keywords }: ast.Call): boolean {
  return (
    args.every(({ kind }) => kind !== 'Starred') &&
    keywords.every(
      ({ arg, value }) => arg !== undefined && arg !== 'reduce' && (arg !== 'reduction' || isMeanOrSum(model, value)),
    )
  )
}

function isMeanOrSum(model: Model, value: ast.Expression): boolean {
  const constant = model.constant(value)
  return constant === 'mean' || constant === 'sum'
}

function isNumber(model: Model, expression: ast.Expression): boolean {
  return typeof model.constant(expression) === 'number'
}

/** `loss = …` assigns the whole value, `loss, accuracy = …` a part of it. */
function isWhole(source: ast.Expression, name: ast.Name): boolean {
  const { parent } = source
  return parent?.kind === 'Assign' && parent.targets.every(target => target.kind === 'Name' && target.id === name.id)
}

const reducingFunctions: ReadonlySet<string> = new Set(['torch.mean', 'torch.sum'])
const reducingMethods: ReadonlySet<string> = new Set(['mean', 'sum'])
const shapeKeeping: ReadonlySet<string> = new Set(['clone', 'cpu', 'cuda', 'detach', 'double', 'float', 'to'])
