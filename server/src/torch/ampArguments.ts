import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { ampSignatures, scalerClasses } from './facts/amp.ts'

/** What a call of an autocast or GradScaler class passes for a parameter; undefined if nothing. */
export function ampArgument(model: Model, call: ast.Call, name: string): ast.Expression | 'unknown' | undefined {
  const parameters = ampSignatures[ampClass(model, call) ?? '']
  const argument = model.argument(call, name, parameters?.find(each => each.name === name)?.position)
  return argument.kind === 'given' ? argument.value : argument.kind === 'unknown' ? 'unknown' : undefined
}

/** The class of mixed precision that a call makes an instance of. */
export function ampClass(model: Model, call: ast.Call): string | undefined {
  const name = model.qualifiedName(call.func)
  const isKnown = name !== undefined && (Object.hasOwn(ampSignatures, name) || scalerClasses.includes(name))
  return isKnown ? name : undefined
}
