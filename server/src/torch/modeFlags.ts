/** Assignments to a model's `train`, `eval` and `training` where a call was meant. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isModule, isWithinModule } from './modules.ts'
import { isCalled, methodCalls } from './usage.ts'

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
    const method = value === (target.attr !== 'eval') ? 'train' : 'eval'
    const isChosen = isPart(model, receiver) || isPutInMode(model, receiver, method) || isOneOfMany(model, target)
    return target.attr === 'training' && isChosen ? [] : [{ statement, target, receiver, method } as const]
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

/** `for m in model.modules(): …`, `model.head`, or a single layer: `training` is all that a mode is for it. */
function isPart(model: Model, receiver: ast.Expression): boolean {
  if (receiver.kind === 'Name' && model.sources(receiver).some(({ parent }) => parent?.kind === 'For')) return true
  if (receiver.kind === 'Attribute' && isModule(model, receiver.value) === 'yes') return true
  return model.values(receiver).some(value => {
    if (value.kind === 'instance')
      return typeof value.of === 'string' && value.of.startsWith('torch.nn.') && !containers.has(value.of)
    return !isCalled(model, receiver)
  })
}

/** Is the method called on the model as well? Then the assignment only says again what it says. */
function isPutInMode(model: Model, receiver: ast.Expression, name: ModeFlag['method']): boolean {
  return methodCalls(model, receiver).some(({ method }) => method === name)
}

/** `model.head.training = False` beside `model.training = False`: somebody chooses layer by layer. */
function isOneOfMany(model: Model, target: ast.Attribute): boolean {
  const whole = model.place(target.value)
  return model
    .nodes('Assign')
    .flatMap(({ targets }) => targets)
    .some(
      other =>
        other.kind === 'Attribute' &&
        other.attr === 'training' &&
        other.value.kind === 'Attribute' &&
        model.place(other.value.value) === whole,
    )
}
