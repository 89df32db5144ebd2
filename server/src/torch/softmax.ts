/** Softmax functions and layers that guess the dimension. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isVersionGuarded } from './versionGuards.ts'

/** Where the dimension stands among the positional arguments. */
const dimensionAt: Readonly<Record<string, number>> = {
  'torch.nn.functional.log_softmax': 1,
  'torch.nn.functional.softmax': 1,
  'torch.nn.functional.softmin': 1,
  'torch.nn.LogSoftmax': 0,
  'torch.nn.Softmax': 0,
  'torch.nn.Softmin': 0,
}

/** Calls that name no dimension; `torch.softmax` and the method of tensors demand one. */
export function implicitSoftmaxes(model: Model): readonly ast.Call[] {
  return Object.entries(dimensionAt).flatMap(([name, position]) =>
    model
      .calls([name])
      .filter(call => model.argument(call, 'dim', position).kind === 'absent' && !isVersionGuarded(model, call)),
  )
}
