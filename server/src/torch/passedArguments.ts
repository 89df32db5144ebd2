import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

/** What the file's calls pass for a parameter; empty if the name is none, or if its function may be called from elsewhere. */
export function passedArguments(model: Model, name: ast.Name): readonly ast.Expression[] {
  const place = model.place(name)
  if (place?.kind !== 'parameter') return []
  const position = place.function.parameters.findIndex(parameter => parameter.name === place.name)
  return (model.callSites(place.function) ?? []).flatMap(call => {
    const callee = model.callee(call)
    const isBound = callee.kind === 'function' && callee.receiver !== undefined
    const argument = model.argument(call, place.name, position - (isBound ? 1 : 0))
    return argument.kind === 'given' ? [argument.value] : []
  })
}
