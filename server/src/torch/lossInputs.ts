/** What the criteria that expect logits, probabilities or their logarithms are given. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type Activation, outputOf } from './architecture.ts'
import { creationOf } from './modules.ts'
import { isProbe } from './probes.ts'
import { remember } from './remember.ts'

export type Criterion = 'BCELoss' | 'BCEWithLogitsLoss' | 'CrossEntropyLoss' | 'NLLLoss'

export interface LossInput {
  readonly criterion: Criterion
  /** The call that computes the loss. */
  readonly call: ast.Call
  readonly input: ast.Expression
  readonly activation: Activation
  /** The call or the layer that the input is what it is by. */
  readonly origin: ast.Expression
  /** The call that makes the criterion; undefined for a function, and where several may have. */
  readonly creation: ast.Call | undefined
}

/** Where a criterion of these is given something of a kind that it is not made for; one for each cause. */
export function misfitInputs(
  model: Model,
  criterion: Criterion,
  activations: readonly Activation[],
): readonly LossInput[] {
  const found = lossInputs(model).filter(each => each.criterion === criterion && activations.includes(each.activation))
  return found.filter((each, index) => found.findIndex(({ origin }) => origin === each.origin) === index)
}

/** The inputs of the criterion that are known, wherever it is called. */
export const lossInputs = remember((model: Model): readonly LossInput[] =>
  Object.entries(functions).flatMap(([name, criterion]) =>
    model
      .calls([`torch.nn.functional.${name}`, `torch.nn.${criterion}.__call__`])
      .flatMap(call => lossInput(model, criterion, call) ?? []),
  ),
)

const functions: Readonly<Record<string, Criterion>> = {
  binary_cross_entropy: 'BCELoss',
  binary_cross_entropy_with_logits: 'BCEWithLogitsLoss',
  cross_entropy: 'CrossEntropyLoss',
  nll_loss: 'NLLLoss',
}

function lossInput(model: Model, criterion: Criterion, call: ast.Call): LossInput | undefined {
  const argument = model.argument(call, 'input', 0)
  const output = argument.kind === 'given' && !isProbe(model, call) ? outputOf(model, argument.value) : undefined
  if (argument.kind !== 'given' || !output) return undefined
  const [value, ...others] = model.values(call.func)
  const creation = value && others.length === 0 ? creationOf(value) : undefined
  return { criterion, call, input: argument.value, ...output, creation }
}
