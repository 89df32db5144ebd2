/** The schedules that are one formula of the epoch. */
import type { Arguments } from './arguments.ts'
import { createScheduler, type Formula, type Group, type Progress, type Scheduler } from './group.ts'
import { divide, modulo, power, require, toNumber } from './python.ts'

export type Create = (group: Group, given: Arguments) => Scheduler

const formula =
  (read: (group: Group, given: Arguments) => Formula): Create =>
  (group, given) => {
    const formula = read(group, given)
    return createScheduler(group, given.number('last_epoch'), formula)
  }

export const formulas: Readonly<Record<string, Create>> = {
  StepLR: formula((group, given) => {
    const [size, gamma] = [given.number('step_size'), given.number('gamma')]
    return {
      rate: ({ lastEpoch }) => (lastEpoch === 0 || modulo(lastEpoch, size) !== 0 ? group.lr : group.lr * gamma),
      closed: ({ lastEpoch, baseLr }) => baseLr * power(gamma, Math.floor(divide(lastEpoch, size))),
    }
  }),

  MultiStepLR: formula((group, given) => {
    const gamma = given.number('gamma')
    // A string, or a number with a fraction, is the number of no epoch.
    const milestones = given.list('milestones').map(each => (typeof each === 'string' ? Number.NaN : toNumber(each)))
    const count = (test: (milestone: number) => boolean) => milestones.filter(test).length
    return {
      rate({ lastEpoch }) {
        const times = count(each => each === lastEpoch)
        return times === 0 ? group.lr : group.lr * power(gamma, times)
      },
      closed: ({ lastEpoch, baseLr }) =>
        baseLr *
        power(
          gamma,
          count(each => each <= lastEpoch),
        ),
    }
  }),

  ConstantLR: formula((group, given) => {
    const [factor, total] = [given.number('factor'), given.number('total_iters')]
    require(factor >= 0 && factor <= 1, 'Constant multiplicative factor expected to be between 0 and 1.')
    return {
      rate({ lastEpoch }) {
        if (lastEpoch === 0) return group.lr * factor
        return lastEpoch === total ? group.lr * divide(1, factor) : group.lr
      },
      closed: ({ lastEpoch, baseLr }) => baseLr * (factor + Number(lastEpoch >= total) * (1 - factor)),
    }
  }),

  LinearLR: formula((group, given) => {
    const [start, end, total] = ['start_factor', 'end_factor', 'total_iters'].map(given.number) as [
      number,
      number,
      number,
    ]
    require(start > 0 &&
      start <= 1, 'Starting multiplicative factor expected to be greater than 0 and less or equal to 1.')
    require(end >= 0 && end <= 1, 'Ending multiplicative factor expected to be between 0 and 1.')
    return {
      rate({ lastEpoch, isInitial }) {
        if (lastEpoch === 0) return group.lr * start
        if (isInitial || lastEpoch > total) return group.lr
        return group.lr * (1 + divide(end - start, total * start + (lastEpoch - 1) * (end - start)))
      },
      closed: ({ lastEpoch, baseLr }) => baseLr * (start + divide((end - start) * Math.min(total, lastEpoch), total)),
    }
  }),

  ExponentialLR: formula((group, given) => {
    const gamma = given.number('gamma')
    return {
      rate: ({ isInitial }) => (isInitial ? group.lr : group.lr * gamma),
      closed: ({ lastEpoch, baseLr }) => baseLr * power(gamma, lastEpoch),
    }
  }),

  PolynomialLR: formula((group, given) => {
    const [total, exponent] = [given.number('total_iters'), given.number('power')]
    return {
      rate({ lastEpoch, isInitial }) {
        if (isInitial || lastEpoch > total) return group.lr
        const factor = divide(1 - divide(lastEpoch, total), 1 - divide(lastEpoch - 1, total))
        return group.lr * power(factor, exponent)
      },
      closed: ({ lastEpoch, baseLr }) => baseLr * power(1 - divide(Math.min(total, lastEpoch), total), exponent),
    }
  }),

  CosineAnnealingLR: formula((group, given) => {
    const [length, minimum] = [given.number('T_max'), given.number('eta_min')]
    const closed = ({ lastEpoch, baseLr }: Progress) =>
      minimum + ((baseLr - minimum) * (1 + Math.cos(divide(Math.PI * lastEpoch, length)))) / 2
    return {
      rate(progress) {
        const { lastEpoch, stepCount, isInitial, baseLr } = progress
        if (isInitial) return group.lr
        if (stepCount === 1 && lastEpoch > 0) return closed(progress)
        if (modulo(lastEpoch - 1 - length, 2 * length) === 0)
          return group.lr + ((baseLr - minimum) * (1 - Math.cos(Math.PI / length))) / 2
        const height = (epoch: number) => 1 + Math.cos((Math.PI * epoch) / length)
        return divide(height(lastEpoch), height(lastEpoch - 1)) * (group.lr - minimum) + minimum
      },
      closed,
    }
  }),

  LambdaLR: formula((_, given) => {
    const factor = given.function('lr_lambda')
    return { rate: ({ lastEpoch, baseLr }) => baseLr * factor(lastEpoch) }
  }),

  MultiplicativeLR: formula((group, given) => {
    const factor = given.function('lr_lambda')
    return { rate: ({ lastEpoch, isInitial }) => (isInitial ? group.lr : group.lr * factor(lastEpoch)) }
  }),

  SWALR: formula((group, given) => {
    const [target, strategy] = [given.number('swa_lr'), given.value('anneal_strategy')]
    require(strategy === 'cos' ||
      strategy === 'linear', `anneal_strategy must be one of 'cos' or 'linear', instead got ${strategy}`)
    const epochs = given.number('anneal_epochs')
    require(typeof given.value('anneal_epochs') === 'bigint' &&
      epochs >= 0, `anneal_epochs must be equal or greater than 0, got ${epochs}`)
    const weight = (step: number) => {
      const part = Math.max(0, Math.min(1, step / Math.max(1, epochs)))
      return strategy === 'cos' ? (1 - Math.cos(Math.PI * part)) / 2 : part
    }
    return {
      rate({ stepCount }) {
        const step = epochs === 0 ? Math.max(1, stepCount - 1) : stepCount - 1
        const before = weight(step - 1)
        const start = before === 1 ? target : (group.lr - before * target) / (1 - before)
        return target * weight(step) + start * (1 - weight(step))
      },
    }
  }),
}
