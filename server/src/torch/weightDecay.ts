import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { namedParameters } from './architecture.ts'
import { visibleDefault } from './defaults.ts'
import type { OptimizerCreation } from './optimizers.ts'
import { type ParameterSource, parameterSources } from './parameters.ts'
import { methodCalls } from './usage.ts'

/** An optimizer whose weight decay acts on every parameter of one model. */
export interface UniformDecay {
  readonly source: ParameterSource
  /** The argument that gives the decay; undefined: the default of the class is in force. */
  readonly argument: ast.Expression | undefined
  /** The decay as Python text. */
  readonly text: string
  /** The names of the parameters with fewer than two dimensions; undefined where the model is not known. */
  readonly vectors: readonly string[] | undefined
}

/**
 * The decay that an optimizer puts on all parameters of a model alike, biases and norm scales included. Undefined where
 * there is none, where parameter groups already tell them apart, where the model has nothing to tell apart, and where
 * one of these is not visible.
 */
export function uniformDecay(model: Model, creation: OptimizerCreation): UniformDecay | undefined {
  const { fact, parameters } = creation
  // An optimizer for matrices alone rejects the parameters that this is about.
  if (!fact.weightDecay || fact.matricesOnly || !parameters || holdsGroups(model, parameters)) return undefined
  const decay = decayOf(model, creation)
  const [source, ...others] = decay ? (parameterSources(model, parameters) ?? []) : []
  if (!decay || !source || others.length > 0 || source.selection === 'some') return undefined
  if (isAdapted(model, source.expression)) return undefined
  const vectors = vectorsOf(model, source.expression)
  return vectors?.length === 0 ? undefined : { source, ...decay, vectors }
}

function vectorsOf(model: Model, module: ast.Expression): readonly string[] | undefined {
  const parameters = namedParameters(model, module)
  if (!parameters || parameters.some(({ dimensions }) => dimensions === undefined)) return undefined
  return parameters.filter(({ dimensions = 2 }) => dimensions < 2).map(({ name }) => name)
}

/** The decay that an optimizer gives to what does not say otherwise, if it is visible and not zero. */
export function decayOf(
  model: Model,
  { call, fact }: OptimizerCreation,
): { readonly argument: ast.Expression | undefined; readonly text: string } | undefined {
  const parameter = fact.parameters.find(({ name }) => name === 'weight_decay')
  if (!parameter) return undefined
  const argument = model.argument(call, 'weight_decay', parameter.position)
  if (argument.kind === 'unknown') return undefined
  if (argument.kind === 'absent')
    return Number(parameter.default) > 0 ? { argument: undefined, text: parameter.default ?? '' } : undefined
  const value = visibleDefault(model, argument.value)
  const text = model.text.slice(argument.value.start, argument.value.end)
  return typeof value === 'number' && value > 0 ? { argument: argument.value, text } : undefined
}

/** Parameter groups, or what may be some: then the decay of each is its own affair. */
function holdsGroups(model: Model, parameters: ast.Expression): boolean {
  return model
    .values(parameters)
    .some(value => value.kind === 'expression' && model.nodes('Dict', value.node).length > 0)
}

/** Frozen but for what an adapter adds, such as LoRA: its few parameters are matrices as a rule. */
function isAdapted(model: Model, module: ast.Expression): boolean {
  const isFrozen = methodCalls(model, module).some(
    ({ method, call: { args } }) =>
      method === 'add_adapter' || (method === 'requires_grad_' && args[0] && model.constant(args[0]) === false),
  )
  return isFrozen || model.values(module).some(value => value.kind === 'result' && value.of.startsWith('peft.'))
}
