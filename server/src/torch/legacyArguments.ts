/** Calls whose arguments PyTorch used to take otherwise: numbers in front, choices left out, a sampler's data source. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { standingOf } from './deprecatedNames.ts'
import { isAlternative, isAtLeast } from './deprecations.ts'
import { currentRelease, numberFirstMethods } from './facts/deprecations.ts'
import { isProbe } from './probes.ts'
import { methodCall } from './usage.ts'
import { isVersionGuarded } from './versionGuards.ts'

/** `average.add_(0.1, gradient)`: only a tensor has the method, and only its old form takes so many arguments by position. */
export interface NumberFirst {
  readonly call: ast.Call
  readonly method: string
  readonly keyword: string
  readonly number: ast.Expression
  readonly tensors: readonly ast.Expression[]
}

export function numberFirstCalls(model: Model, torchVersion: string | undefined): readonly NumberFirst[] {
  if (!isAtLeast(torchVersion ?? currentRelease, '1.5')) return []
  return model.nodes('Call').flatMap(call => {
    const { method = '' } = call.keywords.length === 0 ? (methodCall(call) ?? {}) : {}
    const fact = Object.hasOwn(numberFirstMethods, method) ? numberFirstMethods[method] : undefined
    const [number, ...tensors] = call.args
    if (!fact || !number || tensors.length !== fact.tensors) return []
    const isHidden = call.args.some(({ kind }) => kind === 'Starred') || isSeenTo(model, call)
    return isHidden ? [] : [{ call, method, keyword: fact.keyword, number, tensors }]
  })
}

/** A call that leaves out a parameter without which it warns. */
export interface MissingChoice {
  readonly call: ast.Call
  readonly parameter: string
  /** The release that began to warn. */
  readonly since: string
  /** What to pass, as Python text; the value of a string has no quotes. */
  readonly value: { readonly text: string; readonly isString: boolean; readonly keepsBehavior: boolean }
}

/** Parameters whose default is to change: PyTorch warns until a call says which value it means. */
const choices = [
  {
    names: ['torch.meshgrid'],
    parameter: 'indexing',
    since: '1.10',
    value: { text: 'ij', isString: true, keepsBehavior: true },
  },
  {
    names: ['torch.utils.checkpoint.checkpoint'],
    parameter: 'use_reentrant',
    since: '2.1',
    value: { text: 'False', isString: false, keepsBehavior: false },
  },
  {
    names: ['torch.utils.checkpoint.checkpoint_sequential'],
    parameter: 'use_reentrant',
    since: '2.2',
    value: { text: 'False', isString: false, keepsBehavior: false },
  },
] as const

/** Calls that leave such a parameter out, where nothing else in their function passes it. */
export function missingChoices(model: Model, torchVersion: string | undefined): readonly MissingChoice[] {
  return choices
    .filter(({ since }) => isAtLeast(torchVersion ?? currentRelease, since))
    .flatMap(({ names, parameter, since, value }) => {
      const calls = model.calls(names)
      const chosen = calls.filter(call => model.argument(call, parameter).kind !== 'absent')
      return calls
        .filter(
          call =>
            !chosen.includes(call) &&
            !isThrownAway(call) &&
            !isSeenTo(model, call) &&
            !chosen.some(other => isAlternative(model, call, other)),
        )
        .map(call => ({ call, parameter, since, value }))
    })
}

/** `_ = torch.meshgrid(…)`, which somebody calls for the warning, to have it over with. */
function isThrownAway({ parent }: ast.Call): boolean {
  return parent?.kind === 'Assign' && parent.targets.every(target => target.kind === 'Name' && target.id === '_')
}

/** `super().__init__(data_source)` in a sampler. */
export interface SamplerSource {
  readonly call: ast.Call
  readonly removed: boolean
}

const samplerSource = { since: '2.1', removed: '2.13', successor: { name: '', since: '2.1' } }

export function samplerSources(model: Model, torchVersion: string | undefined): readonly SamplerSource[] {
  const standing = standingOf(samplerSource, torchVersion)
  if (standing === 'current') return []
  return model.nodes('ClassDef').flatMap(node => {
    const [first, ...others] = node.bases
    const base = first?.kind === 'Subscript' ? first.value : first
    if (!base || others.length > 0 || model.qualifiedName(base) !== 'torch.utils.data.Sampler') return []
    return model
      .nodes('Call', node)
      .filter(call => isBaseInit(model, call) && call.args.length + call.keywords.length > 0)
      .filter(call => !isSeenTo(model, call))
      .map(call => ({ call, removed: standing === 'removed' }))
  })
}

/** `super().__init__(…)` and `super(Base, self).__init__(…)`. */
function isBaseInit(model: Model, call: ast.Call): boolean {
  const method = methodCall(call)
  if (method?.method !== '__init__' || method.receiver.kind !== 'Call') return false
  return model.qualifiedName(method.receiver.func) === 'builtins.super'
}

function isSeenTo(model: Model, call: ast.Call): boolean {
  return isProbe(model, call) || isVersionGuarded(model, call)
}
