/** Arguments of schedulers that PyTorch rejects, at once or at a later step, and those that stop the schedule in silence. */
import type { Model, Value } from '../semantic/model.ts'
import { nearestName } from '../spelling.ts'
import type * as ast from '../syntax/ast.ts'
import { isAtLeast } from './deprecations.ts'
import { type ArgumentFact, argumentFacts } from './facts/schedulerArguments.ts'
import { isProbe } from './probes.ts'
import { type CombinationProblem, combinationProblems } from './schedulerCombinations.ts'
import { type SchedulerCreation, schedulerArgument, schedulerCreations } from './schedulers.ts'

export type SchedulerArgumentProblem = { readonly creation: SchedulerCreation } & (
  | { readonly problem: 'missing'; readonly parameter: string }
  /** `meant`: the parameter that is spelled like it, and not given. */
  | {
      readonly problem: 'unknown'
      readonly keyword: ast.Keyword
      readonly name: string
      readonly meant: string | undefined
    }
  | {
      readonly problem: 'choice'
      readonly argument: ast.Expression
      readonly fact: ArgumentFact
      readonly meant: string | undefined
    }
  /** Another of `ArgumentFact`'s demands is not met. */
  | {
      readonly problem: 'integer' | 'bound' | 'number'
      readonly argument: ast.Expression
      readonly fact: ArgumentFact
    }
  | CombinationProblem
)

export function schedulerArgumentProblems(
  model: Model,
  torchVersion: string | undefined,
): readonly SchedulerArgumentProblem[] {
  return schedulerCreations(model).flatMap(creation => {
    if (isProbe(model, creation.call)) return []
    const problems = [
      ...unknownKeywords(model, creation, torchVersion),
      ...missingParameters(model, creation),
      ...argumentFacts.flatMap(fact => problemOf(model, creation, fact) ?? []),
      ...combinationProblems(model, creation),
    ]
    return problems.map(problem => ({ creation, ...problem }))
  })
}

type WithoutCreation<Problem> = Problem extends unknown ? Omit<Problem, 'creation'> : never
type Problem = WithoutCreation<SchedulerArgumentProblem>

/** Old versions took `verbose`. */
const verboseRemoved = '2.7'

function unknownKeywords(
  model: Model,
  { call, fact }: SchedulerCreation,
  torchVersion: string | undefined,
): readonly Problem[] {
  const names = fact.parameters.map(({ name }) => name)
  return call.keywords.flatMap(keyword => {
    const name = keyword.arg
    if (!name || names.includes(name)) return []
    if (name === 'verbose' && torchVersion !== undefined && !isAtLeast(torchVersion, verboseRemoved)) return []
    const free = names.filter(other => schedulerArgument(model, { call, fact }, other) === undefined)
    return [{ problem: 'unknown', keyword, name, meant: nearestName(name, free) }]
  })
}

function missingParameters(model: Model, { call, className, fact }: SchedulerCreation): readonly Problem[] {
  const isAbsent = (name: string) => schedulerArgument(model, { call, fact }, name) === undefined
  const required = fact.parameters.filter(parameter => parameter.default === undefined && isAbsent(parameter.name))
  if (required.length > 0) return required.map(({ name }) => ({ problem: 'missing', parameter: name }))
  const lacksLength = className === 'OneCycleLR' && isAbsent('total_steps')
  return lacksLength && (isAbsent('epochs') || isAbsent('steps_per_epoch'))
    ? [{ problem: 'missing', parameter: 'total_steps' }]
    : []
}

function problemOf(model: Model, creation: SchedulerCreation, fact: ArgumentFact): Problem | undefined {
  if (creation.className !== fact.className) return undefined
  const argument = schedulerArgument(model, creation, fact.parameter)
  if (argument === undefined || argument === 'unknown' || isUnread(model, creation, fact)) return undefined
  const found = (problem: 'integer' | 'bound' | 'number') => ({ problem, argument, fact })
  const value = model.constant(argument)
  if (fact.integer && isNoInteger(model, argument)) return found('integer')
  if (typeof value === 'string') {
    const { choices } = fact
    if (!choices || choices.includes(value)) return undefined
    return { problem: 'choice', argument, fact, meant: meantChoice(value, choices) }
  }
  if (typeof value !== 'number') return undefined
  if (fact.notNumber) return found('number')
  return fact.bound && !fact.bound.holds(value) ? found('bound') : undefined
}

/** `minimum` is `min`, `cosine` is `cos`, `triangle` nothing for certain. */
function meantChoice(given: string, choices: readonly string[]): string | undefined {
  const lowered = given.toLowerCase()
  const alike = choices.filter(choice => lowered.startsWith(choice) || (given !== '' && choice.startsWith(lowered)))
  return alike.length === 1 ? alike[0] : nearestName(given, choices)
}

/** What another argument makes PyTorch ignore. */
function isUnread(model: Model, creation: SchedulerCreation, { className, parameter }: ArgumentFact): boolean {
  const other =
    className === 'CyclicLR' && parameter === 'mode'
      ? 'scale_fn'
      : className === 'OneCycleLR' && (parameter === 'epochs' || parameter === 'steps_per_epoch')
        ? 'total_steps'
        : undefined
  return other !== undefined && schedulerArgument(model, creation, other) !== undefined
}

/** Is the number certainly none of Python's `int`: a quotient, `100.0`, or one of NumPy's? */
function isNoInteger(model: Model, expression: ast.Expression): boolean {
  return model.values(expression).every(value => isNoIntegerValue(model, value))
}

function isNoIntegerValue(model: Model, value: Value): boolean {
  if (value.kind === 'result' || value.kind === 'instance') return numpyNumbers.has(String(value.of))
  if (value.kind !== 'expression') return false
  const { node } = value
  if (node.kind === 'Constant') return node.type === 'float'
  if (node.kind !== 'BinOp') return false
  if (node.op === '/') return true
  return arithmetic.has(node.op) && (isNoInteger(model, node.left) || isNoInteger(model, node.right))
}

const arithmetic = new Set<string>(['+', '-', '*', '//'])

const numpyNumbers = new Set(
  ['ceil', 'floor', 'rint', 'float32', 'float64', 'int32', 'int64'].map(name => `numpy.${name}`),
)
