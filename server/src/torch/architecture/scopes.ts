/** Runs the code that a call stands in, for what the call passes when control gets to it. */
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { createEvaluation, type Frame, scriptFrame } from './evaluation.ts'
import { passed } from './outside.ts'
import { type Arguments, fork, type State } from './values.ts'

export interface Observed {
  readonly given: Arguments
  readonly state: State
}

/** Undefined where control does not certainly get to the call, or gets there in several ways. */
export function observed(model: Model, call: ast.Call): Observed | undefined {
  const found: Observed[] = []
  const evaluation = createEvaluation(model, (node, given, { state }) => {
    if (node === call) found.push({ given, state: fork(state) })
  })
  const scope = model.scope(call)
  const code = scope.kind === 'FunctionDef' ? scope : undefined
  const frame: Frame = { ...scriptFrame(), code }
  if (code)
    for (const parameter of code.parameters)
      frame.state.locals.set(parameter.name, passed(evaluation, { function: code, parameter }, frame))
  evaluation.run(code ? code.body : model.module.body, frame)
  const [only, ...others] = found
  return others.length === 0 ? only : undefined
}
