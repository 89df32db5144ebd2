/** cuDNN switched off for a training on CUDA. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { movesToCuda } from './devices.ts'
import { trainingLoops } from './loops.ts'

/** Assignments that switch it off for good: nothing decides on it, and nothing switches it on again. */
export function disabledCudnn(model: Model): readonly ast.Assign[] {
  const assignments = nodesRun(model, 'Assign').filter(({ targets }) => targets.some(target => isSwitch(model, target)))
  if (!assignments.every(({ value }) => model.constant(value) === false)) return []
  const isTraining = assignments.length > 0 && trainingLoops(model).some(({ mode }) => mode === 'training')
  if (!isTraining || !model.nodes('Call').some(call => movesToCuda(model, call)) || isForced(model)) return []
  return assignments.filter(({ parent }) => !parent || parent.kind === 'FunctionDef' || isMainGuard(parent))
}

const isSwitch = (model: Model, target: ast.Expression): boolean =>
  target.kind === 'Attribute' &&
  target.attr === 'enabled' &&
  model.qualifiedName(target.value) === 'torch.backends.cudnn'

/** The gradient of a gradient: cuDNN has none for recurrent networks. */
const isForced = (model: Model): boolean => nodesRun(model, 'Keyword').some(({ arg }) => arg === 'create_graph')

/** `if __name__ == "__main__":` */
const isMainGuard = (node: ast.Node): boolean =>
  node.kind === 'If' &&
  node.test.kind === 'Compare' &&
  node.test.left.kind === 'Name' &&
  node.test.left.id === '__name__'
