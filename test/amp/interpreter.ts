/**
 * What PyTorch does with a program: GradScaler's states and the scale of every gradient, for all values of the flags and
 * all answers of the tests, iteration after iteration until nothing new comes. It knows no syntax tree and no table.
 */
import type { Flag, Optimizer, Program, Statement, Test } from './program.ts'

/** A mistake that some run makes. */
export interface Mistake {
  /** More than one where the difference is a matter of taste. */
  readonly rules: readonly string[]
  /** Where it may be reported. */
  readonly at: readonly Statement[]
  /** Is it the run's first, on a path that nothing leaves open? Then it must be found. */
  readonly certain: boolean
}

interface State {
  readonly optimizers: readonly [OptimizerState, OptimizerState]
  /** Has the scaler looked for infinities since its last update? */
  recorded: boolean
  /** Was anything scaled or backpropagated since its last update? */
  propagated: boolean
  /** The tests that were not passed on the way to a step. */
  skipped: string[]
  /** Something went wrong on this run before. */
  tainted: boolean
}

interface OptimizerState {
  stage: 'ready' | 'unscaled' | 'stepped' | 'stepped-before'
  /** `unscale_` came before there were gradients. */
  early: number | undefined
  /** The exponents of the scale in what was added up. */
  powers: number[]
  /** The update that changed the scale under these gradients. */
  staleSince: number | undefined
  /** The gradients were stepped with; the next backward pass makes new ones. */
  used: boolean
  /** Was any of it scaled? */
  scaled: boolean
  /** Where plain losses were backpropagated. */
  plain: number[]
}

export interface Runs {
  readonly mistakes: readonly Mistake[]
  /** The statements that some run executes. */
  readonly reached: ReadonlySet<Statement>
}

/** Throws `TooManyRuns` for a program with too many of them. */
export function run(program: Program): Runs {
  const statements = all(program.body)
  const mistakes = new Map<string, Mistake>()
  const reached = new Set<Statement>()
  for (const a of [false, true])
    for (const b of [false, true]) {
      const seen = new Set<string>()
      const open = [JSON.stringify(initial())]
      for (let state = open.pop(); state !== undefined; state = open.pop()) {
        if (seen.has(state)) continue
        seen.add(state)
        open.push(...iterations(program, statements, { a, b }, state, mistakes, reached))
      }
    }
  return { mistakes: [...mistakes.values()], reached }
}

function all(body: readonly Statement[]): readonly Statement[] {
  return body.flatMap(each => {
    if (each.kind === 'if') return [each, ...all(each.body), ...all(each.orelse)]
    return each.kind === 'helper' || each.kind === 'loop' ? [each, ...all(each.body)] : [each]
  })
}

const initial = (): State => ({
  optimizers: [newOptimizer(), newOptimizer()],
  recorded: false,
  propagated: false,
  skipped: [],
  tainted: false,
})

const newOptimizer = (): OptimizerState => ({ stage: 'ready', early: undefined, ...noGradients() })

const noGradients = (): Omit<OptimizerState, 'stage' | 'early'> => ({
  powers: [],
  staleSince: undefined,
  used: false,
  scaled: false,
  plain: [],
})

/** The states after one iteration from a state, for all answers of its tests. */
function iterations(
  program: Program,
  statements: readonly Statement[],
  flags: Readonly<Record<Flag, boolean>>,
  from: string,
  mistakes: Map<string, Mistake>,
  reached: Set<Statement>,
): readonly string[] {
  const after: string[] = []
  const answers: boolean[] = []
  do {
    let asked = 0
    const ask = (): boolean => {
      if (asked === maximumAnswers) throw new TooManyRuns()
      if (asked === answers.length) answers.push(false)
      return answers[asked++] ?? false
    }
    const state: State = JSON.parse(from)
    iterate(program, statements, flags, state, ask, mistakes, reached)
    after.push(JSON.stringify(state))
    while (answers.at(-1) === true) answers.pop()
    if (answers.length > 0) answers[answers.length - 1] = true
  } while (answers.length > 0)
  return after
}

/** Gradients that were divided too often are as wrong as those that were divided more often still. */
const lowestPower = -2

/** A program whose tests have more answers than this in one iteration is not worth the time. */
const maximumAnswers = 10

export class TooManyRuns extends Error {}

class Left extends Error {}

function iterate(
  program: Program,
  statements: readonly Statement[],
  flags: Readonly<Record<Flag, boolean>>,
  state: State,
  ask: () => boolean,
  mistakes: Map<string, Mistake>,
  reached: Set<Statement>,
): void {
  const { scaler } = program
  const isOn = scaler.kind === 'on' || flags[scaler.flag]
  const isAlwaysOn = scaler.kind === 'on'
  const scalesAnything = statements.some(each => each.kind === 'backward' && each.scaled)
  const answered = new Map<Test['kind'], boolean>()
  const number = (statement: Statement): number => statements.indexOf(statement)

  const mistake = (rules: string | readonly string[], at: readonly number[], isCertain = true): void => {
    const names = typeof rules === 'string' ? [rules] : rules
    const certain = isCertain && !state.tainted
    const key = `${names.join()} ${at.join()}`
    if (!mistakes.get(key)?.certain)
      mistakes.set(key, { rules: names, at: at.flatMap(each => statements[each] ?? []), certain })
    state.tainted = true
  }

  const holds = (test: Test): boolean => {
    switch (test.kind) {
      case 'flag':
        return flags[test.flag] !== test.negated
      case 'window':
      case 'good': {
        const answer = answered.get(test.kind) ?? ask()
        answered.set(test.kind, answer)
        return answer
      }
      case 'scaler':
        return scaler.kind !== 'optional' || isOn
    }
  }

  /** Statements that end their block early do so by throwing. */
  const block = (body: readonly Statement[]): void => {
    for (const each of body) execute(each)
  }
  const leavable = (body: readonly Statement[]): void => {
    try {
      block(body)
    } catch (error) {
      if (!(error instanceof Left)) throw error
    }
  }
  const endIteration = (): void => {
    for (const each of state.optimizers) if (each.stage === 'stepped') each.stage = 'stepped-before'
  }

  const execute = (statement: Statement): void => {
    reached.add(statement)
    switch (statement.kind) {
      case 'if': {
        const [taken, left] = holds(statement.test)
          ? [statement.body, statement.orelse]
          : [statement.orelse, statement.body]
        const test = JSON.stringify(statement.test)
        if (checksIn(left) && !checksIn(taken) && !state.skipped.includes(test)) state.skipped.push(test)
        block(taken)
        return
      }
      case 'helper':
        leavable(statement.body)
        return
      case 'loop':
        for (let count = 0; count < 3 && (count === 0 || ask()); count++) {
          leavable(statement.body)
          if (isEventful(statement.body)) endIteration()
        }
        return
      case 'continue':
        throw new Left()
      case 'update':
        update(number(statement))
        return
      case 'backward':
        backward(statement.optimizer, statement.scaled, number(statement))
        return
      case 'unscale':
      case 'step':
        check(statement.kind, statement.optimizer, number(statement))
        return
      case 'direct': {
        const own = state.optimizers[statement.optimizer]
        if (isAll(own, 1)) mistake('amp/optimizer-step-bypasses-scaler', [number(statement)])
        own.used = true
        return
      }
      case 'clip':
        clip(statement.optimizer, number(statement))
        return
      case 'zero':
        Object.assign(state.optimizers[statement.optimizer], noGradients())
    }
  }

  const backward = (optimizer: Optimizer | undefined, scaled: boolean, at: number): void => {
    if (scaled && missesScaler()) return
    state.propagated = true
    for (const [index, each] of state.optimizers.entries()) {
      if (optimizer !== undefined && optimizer !== index) continue
      if (each.used) Object.assign(each, noGradients())
      const power = scaled && isOn ? 1 : 0
      each.powers = [...new Set([...each.powers, power])].sort()
      each.scaled ||= power === 1
      if (power === 0 && !each.plain.includes(at)) each.plain = [...each.plain, at].sort()
      if (power === 1 && each.early !== undefined) {
        mistake('amp/unscale-after-update', [each.early])
        each.early = undefined
      }
    }
  }

  const check = (kind: 'unscale' | 'step', optimizer: Optimizer, at: number): void => {
    const own = state.optimizers[optimizer]
    if (missesScaler()) return
    if (!isOn) {
      if (kind === 'step') own.used = true
      return
    }
    const steps = statements.flatMap((each, index) => (each.kind === 'step' ? [index] : []))
    if (own.stage === 'stepped-before') mistake('amp/missing-update', steps)
    else if (own.stage === 'stepped') mistake(kind === 'step' ? 'amp/repeated-step' : 'amp/unscale-after-step', [at])
    else if (own.stage === 'unscaled' && kind === 'unscale') mistake('amp/repeated-unscale', [at])
    else {
      if (kind === 'unscale' && !state.propagated && (own.used || own.powers.length === 0)) own.early = at
      if (own.stage === 'ready' && !own.used) own.powers = own.powers.map(power => Math.max(power - 1, lowestPower))
      if (own.staleSince !== undefined && !own.used) {
        mistake('amp/update-between-steps', [own.staleSince], own.powers.length === 1)
        if (isAll(own, 0)) own.staleSince = undefined
      }
      if (
        kind === 'step' &&
        !own.scaled &&
        !own.used &&
        own.powers.every(power => power < 0) &&
        own.powers.length === 1
      )
        mistake('amp/unscaled-backward', own.plain, isAlwaysOn || !scalesAnything)
    }
    state.recorded = true
    if (kind === 'step') {
      own.used = true
      own.early = undefined
      own.stage = 'stepped'
    } else if (own.stage !== 'stepped') own.stage = 'unscaled'
  }

  const update = (at: number): void => {
    if (missesScaler() || !isOn) return
    if (!state.recorded) mistake('amp/update-without-step', [at], isAlwaysOn && state.skipped.length < 2)
    for (const each of state.optimizers) {
      const isOther = state.optimizers.some(other => other !== each && other.stage === 'stepped')
      const isScaled = isAll(each, 1) || (each.stage === 'unscaled' && isAll(each, 0) && each.plain.length === 0)
      if (isOther && isScaled && !each.used) each.staleSince ??= at
    }
    for (const each of state.optimizers) Object.assign(each, { stage: 'ready', early: undefined })
    Object.assign(state, { recorded: false, propagated: false, skipped: [] })
  }

  const clip = (optimizer: Optimizer, at: number): void => {
    const own = state.optimizers[optimizer]
    if (!isAll(own, 1) || own.stage === 'unscaled') return
    const isOther = state.optimizers.some(other => other !== own && other.stage === 'unscaled')
    mistake(isOther ? 'amp/unscaled-other-optimizer' : 'amp/clip-before-unscale', [at])
  }

  const isAll = (own: OptimizerState, power: number): boolean =>
    !own.used && own.powers.length > 0 && own.powers.every(each => each === power)

  /** A method of None: the run ends; what an analysis says of the rest is not wrong. */
  const missesScaler = (): boolean => {
    const misses = scaler.kind === 'optional' && !isOn
    if (misses) state.tainted = true
    return misses
  }

  leavable(program.body)
  endIteration()
}

/** Iterations of a loop that does nothing do not count. */
const isEventful = (body: readonly Statement[]): boolean =>
  all(body).some(({ kind }) => !['if', 'loop', 'helper', 'continue'].includes(kind))

const checksIn = (body: readonly Statement[]): boolean =>
  all(body).some(({ kind }) => kind === 'step' || kind === 'unscale')
