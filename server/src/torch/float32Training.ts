/** Training on CUDA in float32 throughout, with nothing said about its precision. */
import { filesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { movesToCuda } from './devices.ts'
import { remember } from './remember.ts'
import { isEntryPoint, isOptimized, trains } from './trainedModels.ts'
import { importsTrainer, methodCall } from './usage.ts'

export interface Move {
  readonly call: ast.Call
  /** `model` of `model.cuda()`. */
  readonly module: ast.Expression
}

/**
 * Where the script, started by itself, moves the model that it trains to CUDA; undefined if it names any other precision,
 * or leaves the training to a library.
 */
export const float32Move = remember((model: Model): Move | undefined => {
  if (
    filesRun(model).some(({ text }) => otherPrecision.test(text)) ||
    importsTrainer(model) ||
    !trains(model) ||
    !isStarted(model)
  )
    return undefined
  const moves = model.nodes('Call').filter(call => movesToCuda(model, call))
  return moves
    .flatMap(call => methodCall(call) ?? [])
    .map(({ call, receiver }) => ({ call, module: receiver }))
    .find(({ module }) => isOptimized(model, module))
})

const otherPrecision =
  /tf32|float32_matmul|fp32_precision|autocast|GradScaler|\bamp\b|half|bf?loat16|[bf]p?16|float64|double/i

/** Does the module itself start the training, by a call of the file's own code? */
function isStarted(model: Model): boolean {
  return (
    isEntryPoint(model) ||
    model.module.body.some(statement => {
      if (statement.kind !== 'Expr' || statement.value.kind !== 'Call') return false
      const callee = model.callee(statement.value)
      return (callee.kind === 'function' || callee.kind === 'class') && model.moduleOf(callee.node) === model.module
    })
  )
}
