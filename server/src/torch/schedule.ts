/**
 * The learning rates of a scheduler, from the constructor's text: the curve that
 *
 *     for step in range(steps):
 *         optimizer.step()        runs with lrs[step]
 *         scheduler.step()
 *
 * runs through, equal to PyTorch's, and the error that PyTorch raises on the way.
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { groupDisplays, groupEntry } from './groups.ts'
import { creationsOf, type OptimizerCreation } from './optimizers.ts'
import { type Arguments, createArguments } from './schedule/arguments.ts'
import { combinations } from './schedule/combinations.ts'
import { cycles } from './schedule/cycles.ts'
import { type Assumption, createEvaluator, type Evaluator } from './schedule/evaluate.ts'
import { formulas } from './schedule/formulas.ts'
import type { Group, Scheduler } from './schedule/group.ts'
import { numberOrNaN, PythonError, type PythonValue, require, toNumber, Unknown, unknown } from './schedule/python.ts'
import { displayed, groupCount } from './schedulerCombinations.ts'
import { type SchedulerCreation, schedulerArgument, schedulerCreationsOf } from './schedulers.ts'

export interface Curve {
  /** In force at the optimizer's steps; up to the error, if there is one. */
  readonly lrs: readonly number[]
  /** Of OneCycleLR and CyclicLR: the momentum, or Adam's first beta, beside each learning rate. */
  readonly momentums: readonly number[] | undefined
  /** What the curve takes for granted: defaults of command-line options and parameters. */
  readonly assumptions: readonly Assumption[]
  readonly error: CurveError | undefined
}

export interface CurveError {
  /** The call of `step` that raises, counted from 1; 0: the constructor. */
  readonly call: number
  readonly type: string
  readonly text: string
}

const creators = { ...formulas, ...cycles, ...combinations }

/** Undefined where a number is not to be seen, or somebody else decides: ReduceLROnPlateau needs its metric. */
export function curveOf(model: Model, creation: SchedulerCreation, steps: number): Curve | undefined {
  const evaluator = createEvaluator(model)
  const lrs: number[] = []
  const momentums: number[] = []
  let call = 0
  let error: CurveError | undefined
  try {
    const group = groupOf(model, creation, evaluator)
    const scheduler = build(model, creation, group, evaluator)
    for (call = 1; call <= steps; call++) {
      if (Number.isNaN(group.lr)) return undefined
      lrs.push(group.lr)
      momentums.push(group.momentum ?? Number.NaN)
      scheduler.step()
    }
  } catch (thrown) {
    if (thrown instanceof Unknown) return undefined
    if (!(thrown instanceof PythonError)) throw thrown
    error = { call, type: thrown.type, text: thrown.message }
  }
  const assumptions = [...evaluator.assumptions].map(([expression, value]) => ({ expression, value }))
  const isCycled = momentums.length > 0 && !momentums.some(Number.isNaN)
  return { lrs, momentums: isCycled ? momentums : undefined, assumptions, error }
}

/** The first parameter group as the optimizer makes it. An optimizer that is not visible has a rate that is no number. */
function groupOf(model: Model, creation: SchedulerCreation, evaluator: Evaluator): Group {
  const optimizer = optimizerOf(model, creation)
  const made = (optimizer && creationsOf(model, optimizer)) ?? []
  const groups = made.map(each => firstGroup(model, each, evaluator))
  const [first] = groups
  const isSame = first && groups.every(({ lr, initialLr }) => Object.is(lr, first.lr) && initialLr === first.initialLr)
  return first && isSame ? { ...first } : { lr: Number.NaN, initialLr: undefined, momentum: undefined }
}

/** ChainedScheduler may leave it to its first scheduler. */
function optimizerOf(model: Model, creation: SchedulerCreation): ast.Expression | undefined {
  if (creation.optimizer) return creation.optimizer
  const [first] = creation.className === 'ChainedScheduler' ? childCreations(model, creation, 'schedulers') : []
  return first && optimizerOf(model, first)
}

function firstGroup(model: Model, optimizer: OptimizerCreation, evaluator: Evaluator): Group {
  const [display] = optimizer.parameters ? groupDisplays(model, optimizer.parameters) : []
  const entry = (name: string) => display && groupEntry(model, display, name)
  const lr = entry('lr') ?? setting(model, optimizer, 'lr')
  const initial = entry('initial_lr')
  return {
    lr: typeof lr === 'number' ? lr : numberOrNaN(() => toNumber(lr ? evaluator.evaluate(lr) : unknown())),
    initialLr: initial && toNumber(evaluator.evaluate(initial)),
    momentum: undefined,
  }
}

/** What the constructor is passed for a parameter, or its default. */
function setting(model: Model, { call, fact }: OptimizerCreation, name: string): ast.Expression | number | undefined {
  const parameter = fact.parameters.find(each => each.name === name)
  const argument = model.argument(call, name, parameter?.position)
  if (argument.kind === 'given') return argument.value
  return argument.kind === 'absent' && parameter?.default !== undefined ? Number(parameter.default) : undefined
}

function build(model: Model, creation: SchedulerCreation, group: Group, evaluator: Evaluator): Scheduler {
  const { call, className, fact } = creation
  const create = Object.hasOwn(creators, className) ? creators[className] : undefined
  if (!create) return unknown()
  // Old versions took `verbose`, which draws no other curve.
  const strange = call.keywords.find(
    ({ arg }) => arg && arg !== 'verbose' && !fact.parameters.some(({ name }) => name === arg),
  )
  if (strange)
    throw new PythonError('TypeError', `${className}.__init__() got an unexpected keyword argument '${strange.arg}'`)
  return create(group, argumentsOf(model, creation, group, evaluator))
}

function argumentsOf(model: Model, creation: SchedulerCreation, group: Group, evaluator: Evaluator): Arguments {
  const { className } = creation
  const value = (name: string): PythonValue => {
    const argument = schedulerArgument(model, creation, name)
    if (argument === 'unknown') return unknown()
    const given = argument ? evaluator.evaluate(argument) : defaultOf(creation, name)
    if (name === 'lr_lambda' && Array.isArray(given)) requireOneEach(model, creation, given.length)
    return given
  }
  return createArguments(className, value, name => {
    const children = childCreations(model, creation, name)
    for (const [index, { fact }] of children.entries()) require(!fact.needsMetric, plateauInside(className, index))
    // The order of the constructors counts: each of them moves the rate that the next one finds.
    const inOrder = [...new Set(children)].sort((a, b) => a.call.start - b.call.start)
    const made = new Map(inOrder.map(child => [child, build(model, child, group, evaluator)]))
    return children.map(child => made.get(child) ?? unknown())
  })
}

/** One function for each parameter group. */
function requireOneEach(model: Model, creation: SchedulerCreation, count: number): void {
  const groups = groupCount(model, creation) ?? count
  require(count === groups, `Expected ${groups} lr_lambdas, but got ${count}`)
}

const plateauInside = (className: string, index: number): string =>
  `${className} does not support \`ReduceLROnPlateau\` scheduler as it requires additional kwargs to be specified when ` +
  `calling \`step\`, but got one at index ${index} in the given schedulers sequence.`

function childCreations(model: Model, creation: SchedulerCreation, name: string): readonly SchedulerCreation[] {
  const argument = schedulerArgument(model, creation, name)
  const children = argument === undefined || argument === 'unknown' ? undefined : displayed(model, argument)
  if (!children) return unknown()
  return children.map(element => {
    const [made, ...alternatives] = schedulerCreationsOf(model, element) ?? []
    return made && alternatives.length === 0 ? made : unknown()
  })
}

function defaultOf({ className, fact }: SchedulerCreation, name: string): PythonValue {
  const text = fact.parameters.find(each => each.name === name)?.default
  if (text === undefined) throw new PythonError('TypeError', missing(className, name))
  if (text === 'None') return null
  if (text === 'True' || text === 'False') return text === 'True'
  if (/^['"]/.test(text)) return text.slice(1, -1)
  return /^-?\d+$/.test(text) ? BigInt(text) : Number(text)
}

const missing = (className: string, name: string): string =>
  `${className}.__init__() missing 1 required positional argument: '${name}'`
