/** The models whose parameters go to an optimizer of the script, and whether the script is run or imported. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isPartOf, moduleIdentity } from './modules.ts'
import { optimizerCreations } from './optimizers.ts'
import { parameterSources } from './parameters.ts'
import { passedArguments } from './passedArguments.ts'
import { methodCall } from './usage.ts'

/** Do the parameters of the module go to an optimizer? */
export function isOptimized(model: Model, module: ast.Expression, depth = 0): boolean {
  const identity = moduleIdentity(model, module)
  const isOwn = optimizerCreations(model).some(({ parameters }) =>
    (parameters ? (parameterSources(model, parameters) ?? []) : []).some(
      source => identity !== undefined && isPartOf(source.module, identity),
    ),
  )
  if (isOwn || module.kind !== 'Name' || depth > depthLimit) return isOwn
  return passedArguments(model, module).some(argument => isOptimized(model, argument, depth + 1))
}

const depthLimit = 4

export function trains(model: Model): boolean {
  return model.nodes('Call').some(isBackward)
}

/** Is it run, rather than imported? */
export function isEntryPoint(model: Model): boolean {
  return (
    model.nodes('Compare').some(({ left }) => left.kind === 'Name' && left.id === '__name__') ||
    model.nodes('Call').some(call => isBackward(call) && model.scope(call) === model.module)
  )
}

function isBackward(call: ast.Call): boolean {
  return methodCall(call)?.method === 'backward'
}
