/** Assignments to a model's `train`, `eval` and `training` where a call was meant. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isModule, isWithinModule } from './modules.ts'
import { isCalled, methodCall } from './usage.ts'

export interface ModeFlag {
  readonly statement: ast.Assign
  readonly target: ast.Attribute
  readonly receiver: ast.Expression
  /** The method that does what was meant. */
  readonly method: 'train' | 'eval'
}

export function modeFlags(model: Model): readonly ModeFlag[] {
  return model.nodes('Assign').flatMap(statement => {
    const [target, ...others] = statement.targets
    if (target?.kind !== 'Attribute' || others.length > 0 || !/^(?:train|eval|training)$/.test(target.attr)) return []
    const value = model.constant(statement.value)
    const receiver = target.value
    if (typeof value !== 'boolean' || !isWholeModel(model, receiver)) return []
    if (target.attr === 'training' && (isPart(model, receiver) || isPutInMode(model, statement, receiver))) return []
    return [{ statement, target, receiver, method: value === (target.attr !== 'eval') ? 'train' : 'eval' } as const]
  })
}

/** The code of a module may keep flags of its own, and switch its parts one by one. */
function isWholeModel(model: Model, receiver: ast.Expression): boolean {
  const isNamed = receiver.kind === 'Name' || (receiver.kind === 'Attribute' && receiver.value.kind === 'Name')
  return isNamed && !isWithinModule(model, receiver) && isModule(model, receiver) === 'yes'
}

const containers = new Set(
  ['DataParallel', 'ModuleDict', 'ModuleList', 'Sequential', 'parallel.DistributedDataParallel'].map(
    name => `torch.nn.${name}`,
  ),
)

/** `for m in model.modules(): m.training = False`, or a single layer: `training` is all that a mode is for it. */
function isPart(model: Model, receiver: ast.Expression): boolean {
  if (receiver.kind === 'Name' && model.sources(receiver).some(({ parent }) => parent?.kind === 'For')) return true
  return model.values(receiver).some(value => {
    if (value.kind === 'instance')
      return typeof value.of === 'string' && value.of.startsWith('torch.nn.') && !containers.has(value.of)
    return !isCalled(model, receiver)
  })
}

/** Is `train()` or `eval()` called on the model beside the assignment, which then only says it again? */
function isPutInMode(model: Model, statement: ast.Assign, receiver: ast.Expression): boolean {
  const place = model.place(receiver)
  const suite = statement.parent ?? model.module
  return model.nodes('Expr').some(({ parent, value }) => {
    const method = (parent ?? model.module) === suite && value.kind === 'Call' ? methodCall(value) : undefined
    return (
      method !== undefined &&
      (method.method === 'train' || method.method === 'eval') &&
      model.place(method.receiver) === place
    )
  })
}
