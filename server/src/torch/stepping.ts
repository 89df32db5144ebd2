/**
 * How often a scheduler steps: once per batch, once per epoch, and how many times in all, as far as the text shows it.
 * Loops around the scheduler's own creation do not count, for they begin anew with it.
 */
import { lastName } from '../semantic/literals.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { type Count, countOf, lengthOf, number, plus, times } from './counts.ts'
import { type TrainingLoop, trainingLoops } from './loops.ts'
import { nameOf } from './names.ts'
import { remember } from './remember.ts'
import { type SchedulerCall, type SchedulerCreation, schedulerCalls, schedulerCreations } from './schedulers.ts'
import { importsTrainer } from './usage.ts'

export interface Stepping {
  readonly creation: SchedulerCreation
  readonly step: SchedulerCall
  /** The loops that repeat the step, innermost first, also those of the functions that lead to it. */
  readonly loops: readonly Repetition[]
  /** Are those all the loops there are? Not if a function between is called from several places. */
  readonly isComplete: boolean
  /** Of the innermost loop: undefined if it neither runs the model nor holds a loop that does. */
  readonly level: 'batch' | 'epoch' | undefined
  /** Does every iteration step: no condition that changes from one to the next? */
  readonly isRegular: boolean
  /** Can an iteration, or the rest of them, be left out: `break`, `continue`, `return`? */
  readonly isInterruptible: boolean
  /** May another scheduler take its place on the way, so that it does not make all the steps? */
  readonly isReplaced: boolean
}

export interface Repetition {
  readonly node: ast.For | ast.While
  readonly training: TrainingLoop | undefined
}

/** Of the schedulers that one call alone steps, and that nobody else gets hold of. */
export const steppings = remember((model: Model): readonly Stepping[] => {
  if (schedulerCreations(model).length === 0 || importsTrainer(model)) return []
  const steps = schedulerCalls(model).filter(({ method }) => method === 'step')
  return schedulerCreations(model).flatMap(creation => {
    const [step, ...others] = steps.filter(({ creations }) => creations.includes(creation))
    return step && others.length === 0 && !isPassedOn(model, creation) ? [describe(model, creation, step)] : []
  })
})

/** How many times it steps in all, exactly unless the stepping is interruptible. */
export function stepCount(model: Model, { loops, isComplete, isRegular }: Stepping): Count | undefined {
  if (!isComplete || !isRegular) return undefined
  return product(loops.map(({ node }) => iterations(model, node, 'exact')))
}

/** The most times that it can step: a run that is resumed counts from its beginning. */
export function mostSteps(model: Model, { loops, isComplete }: Stepping): Count | undefined {
  return isComplete ? product(loops.map(({ node }) => iterations(model, node, 'most'))) : undefined
}

/** How many epochs there are, where the batch loop steps. */
export function epochCount(model: Model, { loops }: Stepping): Count | undefined {
  const epoch = loops.find(({ training }) => training?.level === 'epoch')
  return epoch && iterations(model, epoch.node, 'exact')
}

/** How often the body of a loop runs, if nothing ends it early. */
export function iterationCount(model: Model, loop: ast.For | ast.While): Count | undefined {
  return iterations(model, loop, 'exact')
}

function product(counts: readonly (Count | undefined)[]): Count | undefined {
  let result = number(1)
  for (const count of counts) {
    if (!count) return undefined
    result = times(result, count)
  }
  return result
}

/** `most`: counted from the beginning, wherever a run that is resumed begins. */
function iterations(model: Model, loop: ast.For | ast.While, bound: 'exact' | 'most'): Count | undefined {
  if (loop.kind === 'While') return undefined
  const iterated = iteratedBy(model, loop)
  const range = rangeOf(model, iterated)
  if (!range) return iterated.kind === 'Call' ? undefined : lengthOf(model, iterated)
  const [first, second, step] = range
  if (!first || step) return undefined
  if (!second) return countOf(model, first)
  const [start, stop] = [countOf(model, first), countOf(model, second)]
  if (!stop) return undefined
  const isFixed = start !== undefined && [...start.keys()].every(key => key === '')
  if (bound === 'most' && !isFixed) return stop
  return start && plus(stop, start, -1)
}

const wrappers = new Set(['builtins.enumerate', 'builtins.iter', 'builtins.list', 'builtins.reversed'])
const bars = /^(?:tqdm|alive_progress|rich|fastprogress)\b/

/** What a loop goes through, without `enumerate` and progress bars: `loader` of `enumerate(tqdm(loader))`. */
export function iteratedBy(model: Model, loop: ast.For): ast.Expression {
  let iterated = loop.iter
  for (;;) {
    const source = iterated.kind === 'Name' ? barOf(model, iterated) : iterated
    if (source?.kind !== 'Call') return iterated
    const name = model.qualifiedName(source.func) ?? ''
    const [inner] = source.args
    const isBar = bars.test(name) && !/trange$/.test(name)
    if (!inner || inner.kind === 'Starred' || !(wrappers.has(name) || isBar)) return iterated
    iterated = inner
  }
}

/** `bar` of `bar = tqdm(loader)`. */
function barOf(model: Model, name: ast.Name): ast.Expression | undefined {
  const [source, ...others] = model.sources(name)
  return source?.kind === 'Call' && others.length === 0 ? source : undefined
}

function rangeOf(model: Model, iterated: ast.Expression): readonly ast.Expression[] | undefined {
  if (iterated.kind !== 'Call' || iterated.args.some(({ kind }) => kind === 'Starred')) return undefined
  const name = model.qualifiedName(iterated.func) ?? ''
  return name === 'builtins.range' || /^tqdm\b.*trange$/.test(name) ? iterated.args : undefined
}

function describe(model: Model, creation: SchedulerCreation, step: SchedulerCall): Stepping {
  const training = trainingLoops(model)
  const found: (ast.For | ast.While)[] = []
  const tests: ast.Expression[] = []
  let at: ast.Node = step.call
  let isComplete = false
  for (let depth = 0; depth < deepest; depth++) {
    const inner = model.loops(at).filter(loop => !encloses(loop, creation.call))
    found.push(...inner)
    tests.push(...testsAround(at, creation.call))
    const scope = model.scope(at)
    if (scope.kind !== 'FunctionDef' || encloses(scope, creation.call)) {
      isComplete = true
      break
    }
    const [site, ...others] = model.callSites(scope) ?? []
    if (!site || others.length > 0) break
    at = site
  }
  const loops = found.map(node => ({ node, training: training.find(each => each.node === node) }))
  const level = loops[0]?.training?.level
  return {
    creation,
    step,
    loops,
    isComplete,
    level: level === 'other' ? undefined : level,
    isRegular: tests.every(test => isFixed(model, test, found)),
    isInterruptible: found.some(loop => leaves(model, loop)),
    isReplaced: step.creations.some(other => found.some(loop => encloses(loop, other.call))),
  }
}

const deepest = 5

/** The tests that decide whether a node runs, within its function. */
function testsAround(node: ast.Node, creation: ast.Node): readonly ast.Expression[] {
  const tests: ast.Expression[] = []
  for (let at = node.parent; at && at.kind !== 'FunctionDef' && !encloses(at, creation); at = at.parent) {
    if (at.kind === 'If' || at.kind === 'IfExp') tests.push(at.test)
    else if (at.kind === 'BoolOp') tests.push(at)
  }
  return tests
}

const askedOnce = new Set(['builtins.hasattr', 'builtins.isinstance'])

/** Is a test's answer the same in every iteration: does it read nothing that the loops assign? */
function isFixed(model: Model, test: ast.Expression, loops: readonly ast.Node[]): boolean {
  if (model.nodes('Call', test).some(({ func }) => !askedOnce.has(model.qualifiedName(func) ?? ''))) return false
  const read = new Set(model.nodes('Name', test).map(({ id }) => id))
  const attributes = new Set(model.nodes('Attribute', test).map(({ attr }) => attr))
  return !loops.some(loop =>
    assigned(model, loop).some(({ name, isAttribute }) => (isAttribute ? attributes : read).has(name)),
  )
}

function assigned(model: Model, loop: ast.Node): readonly { readonly name: string; readonly isAttribute: boolean }[] {
  const targets = [
    ...model.nodes('For', loop).map(({ target }) => target),
    ...model.nodes('Assign', loop).flatMap(statement => statement.targets),
    ...model.nodes('AugAssign', loop).map(({ target }) => target),
  ]
  return targets.flatMap(target => [
    ...model
      .nodes('Name', target)
      .filter(({ parent }) => parent?.kind !== 'Attribute')
      .map(({ id }) => ({ name: id, isAttribute: false })),
    ...model.nodes('Attribute', target).map(({ attr }) => ({ name: attr, isAttribute: true })),
  ])
}

/** Does a loop hold a statement that leaves it, or one of its iterations, early? */
function leaves(model: Model, loop: ast.For | ast.While): boolean {
  const jumps = [...model.nodes('Break', loop), ...model.nodes('Continue', loop)]
  if (jumps.some(jump => model.loops(jump)[0] === loop)) return true
  const ends = [...model.nodes('Return', loop), ...model.nodes('Raise', loop)]
  return ends.some(end => model.scope(end) === model.scope(loop))
}

const harmless = new Set([
  'builtins.hasattr',
  'builtins.id',
  'builtins.isinstance',
  'builtins.print',
  'builtins.type',
  'builtins.str',
])

/** Does something that is not in this file get the scheduler, and may step it? */
function isPassedOn(model: Model, { call }: SchedulerCreation): boolean {
  return passedSchedulers(model).some(each => isMadeBy(model, each, call))
}

/** What goes to functions of other files under the name of a scheduler, or as it is made. */
const passedSchedulers = remember((model: Model): readonly ast.Expression[] => {
  const names = new Set(schedulerCalls(model).map(({ scheduler }) => lastName(scheduler)))
  const creations = new Set<ast.Expression>(schedulerCreations(model).map(({ call }) => call))
  for (const creation of schedulerCreations(model)) names.add(lastPart(nameOf(model, creation.call) ?? ''))
  return model.nodes('Call').flatMap(call => {
    const given = [...call.args, ...call.keywords.map(({ value }) => value)]
    const parts = given.flatMap(each => (each.kind === 'List' || each.kind === 'Tuple' ? each.elements : [each]))
    const passed = parts.filter(
      part => creations.has(part) || names.has(lastName(part)) || /sched/i.test(lastName(part)),
    )
    return passed.length > 0 && isForeign(model, call) ? passed : []
  })
})

/** What saves or restores a scheduler does not step it. */
const storage = /load|save|restore|resume|checkpoint|ckpt/i

function isForeign(model: Model, call: ast.Call): boolean {
  const callee = model.callee(call)
  if (storage.test(lastName(call.func))) return false
  if (callee.kind === 'function' || callee.kind === 'class') return model.moduleOf(callee.node) !== model.module
  return !(callee.kind === 'symbol' && harmless.has(callee.name))
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1)

const isMadeBy = (model: Model, expression: ast.Expression, creation: ast.Call): boolean =>
  expression === creation ||
  ((expression.kind === 'Name' || expression.kind === 'Attribute') &&
    model.values(expression).some(value => value.kind === 'instance' && value.creation === creation))
