/** Methods of the training step that a statement names without calling them: `loss.backward`. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isModule } from './modules.ts'
import { isOptimizer } from './optimizers.ts'
import { isProbe } from './probes.ts'
import { isScaler } from './scalers.ts'
import { isScheduler } from './schedulers.ts'

export interface UncalledMethod {
  readonly node: ast.Attribute
  /** Can it be called without arguments? */
  readonly needsNoArguments: boolean
}

export function uncalledMethods(model: Model): readonly UncalledMethod[] {
  return model.nodes('Expr').flatMap(({ value: node }) => {
    if (node.kind !== 'Attribute' || !isMethod(model, node) || isProbe(model, node)) return []
    return [{ node, needsNoArguments: needsNoArguments(model, node) }]
  })
}

function isMethod(model: Model, { attr, value: receiver }: ast.Attribute): boolean {
  switch (attr) {
    case 'backward':
    case 'zero_grad':
      // No object of another library has these as anything but methods; a name of a module is a function there.
      return usesTorch(model) && model.qualifiedName(receiver) === undefined
    case 'step':
      return [isOptimizer, isScaler, isScheduler].some(is => is(model, receiver) === 'yes')
    case 'update':
    case 'unscale_':
      return isScaler(model, receiver) === 'yes'
    case 'train':
    case 'eval':
      return isModule(model, receiver) === 'yes'
    default:
      return false
  }
}

function needsNoArguments(model: Model, { attr, value: receiver }: ast.Attribute): boolean {
  if (attr === 'unscale_') return false
  if (attr !== 'step') return true
  if (isScaler(model, receiver) === 'yes') return false
  return ['torch.optim.LBFGS', 'torch.optim.lr_scheduler.ReduceLROnPlateau'].every(
    className => model.isInstance(receiver, className) === 'no',
  )
}

function usesTorch(model: Model): boolean {
  return [
    ...model.nodes('Import').flatMap(({ names }) => names.map(({ name }) => name)),
    ...model.nodes('ImportFrom').map(({ module }) => module),
  ].some(name => name === 'torch' || name.startsWith('torch.'))
}
