/** The schedules that go round: warm restarts, and those that move the momentum against the learning rate. */
import type { Arguments } from './arguments.ts'
import type { Create } from './formulas.ts'
import { createScheduler, type Group, type Scheduler, startFrom } from './group.ts'
import { divide, PythonError, power, represent, require, toNumber } from './python.ts'

export const cycles: Readonly<Record<string, Create>> = {
  CosineAnnealingWarmRestarts: warmRestarts,
  CyclicLR: cyclic,
  OneCycleLR: oneCycle,
}

function warmRestarts(group: Group, given: Arguments): Scheduler {
  const [length, factor] = [given.value('T_0'), given.value('T_mult')]
  require(typeof length === 'bigint' && length > 0n, `Expected positive integer T_0, but got ${represent(length)}`)
  require(typeof factor === 'bigint' && factor >= 1n, `Expected integer T_mult >= 1, but got ${represent(factor)}`)
  const minimum = given.number('eta_min')
  const lastEpoch = given.number('last_epoch')
  let [current, period] = [lastEpoch, Number(length)]
  const baseLr = startFrom(group, lastEpoch)
  const update = () => {
    group.lr = minimum + ((baseLr - minimum) * (1 + Math.cos((Math.PI * current) / period))) / 2
  }
  const scheduler: Scheduler = {
    lastEpoch,
    children: [],
    step() {
      if (scheduler.lastEpoch < 0) {
        scheduler.lastEpoch = 0
        period = Number(length)
        current = 0
      } else {
        scheduler.lastEpoch++
        current++
        if (current >= period) {
          current %= period
          period *= Number(factor)
        }
      }
      update()
    },
    initialStep: () => scheduler.step(),
    restart() {
      scheduler.lastEpoch = 0
      update()
    },
  }
  scheduler.initialStep()
  return scheduler
}

function cyclic(group: Group, given: Arguments): Scheduler {
  const lastEpoch = given.number('last_epoch')
  const [low, high] = [given.number('base_lr'), given.number('max_lr')]
  if (lastEpoch === -1) group.lr = low
  const up = given.number('step_size_up')
  const down = given.value('step_size_down') === null ? up : given.number('step_size_down')
  const total = up + down
  const ratio = divide(up, total)
  const scale = scaleOf(given)
  const momentum = cycledMomentum(group, given)
  return createScheduler(group, lastEpoch, {
    rate({ lastEpoch }) {
      const cycle = Math.floor(1 + lastEpoch / total)
      const x = 1 + lastEpoch / total - cycle
      const factor = x <= ratio ? divide(x, ratio) : divide(x - 1, ratio - 1)
      const height = scale(cycle, lastEpoch)
      momentum?.set(momentum.high - (momentum.high - momentum.low) * factor * height)
      return low + (high - low) * factor * height
    },
  })
}

/** How high a cycle goes. */
function scaleOf(given: Arguments): (cycle: number, iteration: number) => number {
  if (given.value('scale_fn') !== null) {
    const scale = given.function('scale_fn')
    return given.value('scale_mode') === 'cycle' ? scale : (_, iteration) => scale(iteration)
  }
  const gamma = given.number('gamma')
  switch (given.value('mode')) {
    case 'triangular':
      return () => 1
    case 'triangular2':
      return cycle => 1 / 2 ** (cycle - 1)
    case 'exp_range':
      return (_, iteration) => power(gamma, iteration)
    default:
      throw new PythonError('ValueError', 'mode is invalid and scale_fn is None')
  }
}

interface Momentum {
  readonly low: number
  readonly high: number
  set(value: number): void
}

/** It falls while the learning rate rises. */
function cycledMomentum(group: Group, given: Arguments): Momentum | undefined {
  if (given.value('cycle_momentum') === false) return undefined
  const [low, high] = [given.number('base_momentum'), given.number('max_momentum')]
  const set = (value: number) => {
    group.momentum = value
  }
  set(high)
  return { low, high, set }
}

function oneCycle(group: Group, given: Arguments): Scheduler {
  const total = totalSteps(given)
  const start = given.value('pct_start')
  const strategy = given.value('anneal_strategy')
  const portion = toNumber(start)
  require(typeof start === 'number' &&
    start >= 0 &&
    start <= 1, `Expected float between 0 and 1 pct_start, but got ${represent(start)}`)
  require(strategy === 'cos' ||
    strategy === 'linear', `anneal_strategy must be one of 'cos' or 'linear', instead got ${represent(strategy)}`)
  const anneal = strategy === 'cos' ? cosine : linear
  const lastEpoch = given.number('last_epoch')
  const highest = given.number('max_lr')
  const first = divide(highest, given.number('div_factor'))
  const least = divide(first, given.number('final_div_factor'))
  if (lastEpoch === -1) group.initialLr = first
  const momentum = cycledMomentum(group, given)
  const { low, high } = momentum ?? { low: 0, high: 0 }
  const up = { end: portion * total - 1, rates: [first, highest], momentums: [high, low] } as const
  const phases =
    given.value('three_phase') === true
      ? [
          up,
          { end: 2 * portion * total - 2, rates: [highest, first], momentums: [low, high] } as const,
          { end: total - 1, rates: [first, least], momentums: [high, high] } as const,
        ]
      : [up, { end: total - 1, rates: [highest, least], momentums: [low, high] } as const]
  return createScheduler(group, lastEpoch, {
    rate({ lastEpoch: step }) {
      require(step <= total, `Tried to step ${step} times. The specified number of total steps is ${total}`)
      const found = phases.findIndex(({ end }) => step <= end)
      const index = found < 0 ? phases.length - 1 : found
      const phase = phases[index] ?? up
      const from = phases[index - 1]?.end ?? 0
      const part = divide(step - from, phase.end - from)
      momentum?.set(anneal(...phase.momentums, part))
      return anneal(...phase.rates, part)
    },
  })
}

function totalSteps(given: Arguments): number {
  const total = given.value('total_steps')
  const positive = (name: string) => {
    const value = given.value(name)
    require(typeof value === 'bigint' && value > 0n, `Expected positive integer ${name}, but got ${represent(value)}`)
    return toNumber(value)
  }
  if (total !== null) return positive('total_steps')
  require(given.value('epochs') !== null &&
    given.value('steps_per_epoch') !== null, 'You must define either total_steps OR (epochs AND steps_per_epoch)')
  return positive('epochs') * positive('steps_per_epoch')
}

const cosine = (start: number, end: number, part: number): number =>
  end + ((start - end) / 2) * (Math.cos(Math.PI * part) + 1)

const linear = (start: number, end: number, part: number): number => (end - start) * part + start
