/** Arguments that the constructor of an optimizer rejects. */
import type { Literal, Model } from '../semantic/model.ts'
import { nearestName } from '../spelling.ts'
import type * as ast from '../syntax/ast.ts'
import { visibleDefault } from './defaults.ts'
import { meantParameter, nonNegativeParameters, pairParameters } from './facts/optimizers.ts'
import { type InvalidParameters, invalidParameters, isTensor } from './optimizerParameters.ts'
import { type OptimizerCreation, optimizerCreations } from './optimizers.ts'
import { isProbe } from './probes.ts'

export type InvalidOptimizerArgument = { readonly creation: OptimizerCreation } & (InvalidSetting | InvalidParameters)

export type InvalidSetting =
  /** The class has no such parameter; `meant`: the one that was certainly meant, and is not given. */
  | { readonly problem: 'unknown'; readonly keyword: ast.Keyword; readonly name: string; readonly meant?: string }
  | { readonly problem: 'notNumber' | 'negative' | 'notPair'; readonly parameter: string; readonly at: ast.Expression }
  /** A beta that is negative, or 1 or more. */
  | { readonly problem: 'betas'; readonly at: ast.Expression }
  /** Nesterov without momentum, or with dampening. */
  | { readonly problem: 'nesterov'; readonly at: ast.Expression; readonly lacksMomentum: boolean }
  /** A learning rate that is a tensor, with `foreach=True` and without `capturable=True`. */
  | { readonly problem: 'tensorLr'; readonly at: ast.Expression }

export function invalidOptimizerArguments(model: Model): readonly InvalidOptimizerArgument[] {
  return optimizerCreations(model)
    .filter(({ call }) => !isProbe(model, call))
    .flatMap(creation => {
      const found = [...invalidParameters(model, creation), ...invalidSettings(model, creation)]
      return found.map(one => ({ creation, ...one }))
    })
}

function invalidSettings(model: Model, creation: OptimizerCreation): readonly InvalidSetting[] {
  return [
    ...unknownKeywords(creation),
    ...creation.fact.parameters.flatMap(({ name }) => invalidSetting(model, creation, name)),
    ...withoutMomentum(model, creation),
    ...tensorLr(model, creation),
  ]
}

function unknownKeywords({ call, fact }: OptimizerCreation): readonly InvalidSetting[] {
  const names = fact.parameters.map(({ name }) => name)
  return call.keywords.flatMap((keyword): readonly InvalidSetting[] => {
    const name = keyword.arg
    if (name === undefined || names.includes(name)) return []
    const meant = meantParameter(name) ?? nearestName(name, names)
    const isFree =
      meant !== undefined &&
      names.includes(meant) &&
      !isPassed(call, names.indexOf(meant), meant) &&
      !call.keywords.some(other => other !== keyword && other.arg === undefined)
    return [{ problem: 'unknown', keyword, name, ...(isFree ? { meant } : {}) }]
  })
}

function isPassed(call: ast.Call, position: number, name: string): boolean {
  return position < call.args.length || call.keywords.some(({ arg }) => arg === name)
}

function invalidSetting(model: Model, creation: OptimizerCreation, parameter: string): readonly InvalidSetting[] {
  const at = given(model, creation, parameter)
  if (!at) return []
  if (pairParameters.includes(parameter)) {
    // An option of the command line with a number as its default is a number: `args.weight_decay`.
    const value = visibleDefault(model, at)
    if (typeof value === 'number') return [{ problem: 'notPair', parameter, at }]
    return parameter === 'betas' && isOutside(model.constant(at)) ? [{ problem: 'betas', at }] : []
  }
  if (!isChecked(creation, parameter)) return []
  const value = model.constant(at)
  if (typeof value === 'string' || value === null || Array.isArray(value))
    return [{ problem: 'notNumber', parameter, at }]
  return typeof value === 'number' && value < 0 ? [{ problem: 'negative', parameter, at }] : []
}

/** Adafactor's `eps` is a pair, and Muon does not look at its own. */
function isChecked({ className }: OptimizerCreation, parameter: string): boolean {
  if (parameter === 'eps' && (className === 'Adafactor' || className === 'Muon')) return false
  return nonNegativeParameters.includes(parameter)
}

function isOutside(betas: Literal | undefined): boolean {
  return Array.isArray(betas) && betas.length === 2 && betas.some(beta => typeof beta === 'number' && !isBeta(beta))
}

const isBeta = (beta: number): boolean => beta >= 0 && beta < 1

function withoutMomentum(model: Model, creation: OptimizerCreation): readonly InvalidSetting[] {
  const at = creation.className === 'SGD' ? given(model, creation, 'nesterov') : undefined
  if (!at || model.constant(at) !== true) return []
  const momentum = setting(model, creation, 'momentum')
  const dampening = setting(model, creation, 'dampening')
  if (momentum !== undefined && !(momentum > 0)) {
    const lacksMomentum = model.argument(creation.call, 'momentum', 2).kind === 'absent'
    return [{ problem: 'nesterov', at, lacksMomentum }]
  }
  return dampening ? [{ problem: 'nesterov', at, lacksMomentum: false }] : []
}

/** The number that is in force; undefined if that is not visible. */
function setting(model: Model, { call, fact }: OptimizerCreation, name: string): number | undefined {
  const parameter = fact.parameters.find(each => each.name === name)
  const passed = model.argument(call, name, parameter?.position)
  if (passed.kind === 'absent') return Number(parameter?.default)
  const value = passed.kind === 'given' ? model.constant(passed.value) : undefined
  return typeof value === 'number' ? value : undefined
}

function tensorLr(model: Model, creation: OptimizerCreation): readonly InvalidSetting[] {
  if (creation.className !== 'Adam' && creation.className !== 'AdamW') return []
  const [at, foreach] = [given(model, creation, 'lr'), given(model, creation, 'foreach')]
  if (!at || !foreach || model.constant(foreach) !== true) return []
  const isCapturable = model.argument(creation.call, 'capturable').kind !== 'absent'
  return isTensor(model, at) && !isCapturable ? [{ problem: 'tensorLr', at }] : []
}

function given(model: Model, { call, fact }: OptimizerCreation, name: string): ast.Expression | undefined {
  const argument = model.argument(call, name, fact.parameters.find(each => each.name === name)?.position)
  return argument.kind === 'given' ? argument.value : undefined
}
