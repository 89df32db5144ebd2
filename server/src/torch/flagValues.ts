/** Values that a switch of PyTorch does not accept. */
import type { Literal, Model } from '../semantic/model.ts'
import { nearestName } from '../spelling.ts'
import type * as ast from '../syntax/ast.ts'
import { flagValues, setterValues, type ValueFact } from './facts/flagValues.ts'

export interface InvalidValue {
  readonly value: ast.Expression
  /** The flag that is assigned, or the function that is called. */
  readonly flag: ast.Expression
  readonly fact: ValueFact
  /** The value that was meant, as Python text; undefined where that is not certain. */
  readonly meant: string | undefined
}

export function invalidFlagValues(model: Model): readonly InvalidValue[] {
  const assigned = model.nodes('Assign').flatMap(({ targets, value }) =>
    targets.flatMap(flag => {
      const fact = flagFact(model, flag)
      return fact ? invalid(model, flag, value, fact) : []
    }),
  )
  const passed = model.calls(Object.keys(setterValues)).flatMap(call => {
    const fact = setterValues[model.qualifiedName(call.func) ?? '']
    const argument = fact && model.argument(call, fact.parameter, 0)
    return fact && argument?.kind === 'given' ? invalid(model, call.func, argument.value, fact) : []
  })
  return [...assigned, ...passed].sort((a, b) => a.value.start - b.value.start)
}

/** What a flag of `torch.backends` accepts; undefined for anything else. */
export function flagFact(model: Model, flag: ast.Expression): ValueFact | undefined {
  if (flag.kind !== 'Attribute') return undefined
  const name = `${model.qualifiedName(flag.value)}.${flag.attr}`
  return Object.hasOwn(flagValues, name) ? flagValues[name] : undefined
}

/** Is the value certainly one that raises, or has no effect? A list may switch several things at once. */
export function isInvalid(model: Model, value: ast.Expression, fact: ValueFact): boolean {
  const constant = model.values(value).length === 1 ? model.constant(value) : undefined
  if (constant === undefined || Array.isArray(constant)) return false
  return fact.values ? !fact.values.some(name => name === constant) : typeof constant !== 'boolean'
}

function invalid(model: Model, flag: ast.Expression, value: ast.Expression, fact: ValueFact): readonly InvalidValue[] {
  if (!isInvalid(model, value, fact)) return []
  return [{ value, flag, fact, meant: value.kind === 'Constant' ? meantBy(model, value, fact) : undefined }]
}

function meantBy(model: Model, node: ast.Constant, { values }: ValueFact): string | undefined {
  if (!values) return boolNamed(node.value)
  if (typeof node.value !== 'string') return undefined
  const name = nearestName(node.value.toLowerCase(), values)
  const quote = model.text[node.end - 1]
  return name === undefined ? undefined : `${quote}${name}${quote}`
}

function boolNamed(value: Literal): string | undefined {
  const name = String(value).toLowerCase()
  if (name === '1' || name === 'true') return 'True'
  return name === '0' || name === 'false' ? 'False' : undefined
}
