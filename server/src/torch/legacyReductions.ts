/** `size_average` and `reduce`, which `reduction` replaced. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { ownConstant, visibleDefault } from './defaults.ts'
import { lossClasses, lossFunctions } from './facts/losses.ts'
import type { ParameterFact } from './facts/signature.ts'
import { isVersionGuarded } from './versionGuards.ts'

export interface LegacyReduction {
  readonly call: ast.Call
  /** The deprecated arguments, as they stand: one or two. */
  readonly options: readonly { readonly name: string; readonly value: ast.Expression }[]
  /** What they amount to; undefined where a value is not a constant. */
  readonly reduction: 'mean' | 'sum' | 'none' | undefined
}

const signatures: ReadonlyMap<string, readonly ParameterFact[]> = new Map([
  ...Object.entries(lossClasses).map(([name, parameters]) => [`torch.nn.${name}`, parameters] as const),
  ...Object.entries(lossFunctions).map(([name, parameters]) => [`torch.nn.functional.${name}`, parameters] as const),
])

/** Calls that pass one of the two and so make PyTorch warn; `None`, the default, does not. */
export function legacyReductions(model: Model): readonly LegacyReduction[] {
  return [...signatures].flatMap(([name, parameters]) =>
    model.calls([name]).flatMap(call => legacyReduction(model, call, parameters) ?? []),
  )
}

function legacyReduction(
  model: Model,
  call: ast.Call,
  parameters: readonly ParameterFact[],
): LegacyReduction | undefined {
  const [average, reduce] = ['size_average', 'reduce'].map(name => flag(model, call, name, parameters))
  const given = [average, reduce].filter(each => each !== undefined)
  if (!given.some(({ visible }) => typeof visible === 'boolean') || isVersionGuarded(model, call)) return undefined
  const options = given.sort((a, b) => a.value.start - b.value.start)
  return { call, options, reduction: reductionOf(average, reduce) }
}

interface Flag {
  readonly name: string
  readonly value: ast.Expression
  readonly visible: unknown
  readonly constant: unknown
}

function flag(model: Model, call: ast.Call, name: string, parameters: readonly ParameterFact[]): Flag | undefined {
  const position = parameters.find(parameter => parameter.name === name)?.position
  const passed = model.argument(call, name, position)
  if (passed.kind !== 'given') return undefined
  const { value } = passed
  return { name, value, visible: visibleDefault(model, value), constant: ownConstant(model, value) }
}

/** As `torch.nn._reduction.legacy_get_string` decides. */
function reductionOf(average: Flag | undefined, reduce: Flag | undefined): LegacyReduction['reduction'] {
  const [averages, reduces] = [truth(average), truth(reduce)]
  if (reduces === false) return 'none'
  if (reduces === undefined || averages === undefined) return undefined
  return averages ? 'mean' : 'sum'
}

/** Both are true where they are left out or `None`. */
function truth(flag: Flag | undefined): boolean | undefined {
  if (!flag || flag.constant === null) return true
  return typeof flag.constant === 'boolean' ? flag.constant : undefined
}
