import { textOf } from '../../torch/names.ts'
import { invalidOptimizerArguments } from '../../torch/optimizerArguments.ts'
import { repairedOptimizer } from '../optimizerRepair.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    unknown: {
      en: '`{callee}` has no parameter `{name}`: it raises a TypeError',
      zh: '`{callee}` 没有参数 `{name}`：会抛出 TypeError',
    },
    notNumber: {
      en: '`{parameter}` of `{callee}` must be a number, not `{argument}`: it raises a TypeError',
      zh: '`{callee}` 的 `{parameter}` 应为数字，而不是 `{argument}`：会抛出 TypeError',
    },
    notPair: {
      en: '`{parameter}` of `{callee}` must be a pair of numbers, not `{argument}`: it raises a TypeError',
      zh: '`{callee}` 的 `{parameter}` 应为两个数，而不是 `{argument}`：会抛出 TypeError',
    },
    negative: {
      en: '`{parameter}` must not be negative: `{callee}` raises a ValueError',
      zh: '`{parameter}` 不能为负数：`{callee}` 会抛出 ValueError',
    },
    betas: {
      en: 'Both `betas` must be at least 0 and less than 1: `{callee}` raises a ValueError',
      zh: '`betas` 的两个数都应大于等于 0 且小于 1：`{callee}` 会抛出 ValueError',
    },
    nesterov: {
      en: '`nesterov` needs a `momentum` and no `dampening`: `{callee}` raises a ValueError',
      zh: '`nesterov` 需要设置 `momentum`，并且 `dampening` 为 0：`{callee}` 会抛出 ValueError',
    },
    tensorLr: {
      en: '`{callee}` takes a tensor as `lr` with `foreach=True` only if `capturable=True`: it raises a ValueError',
      zh: '`foreach=True` 时，只有 `capturable=True` 才能给 `{callee}` 传张量 `lr`：会抛出 ValueError',
    },
    module: {
      en: '`{argument}` is a module: `{callee}` takes its parameters, and raises a TypeError',
      zh: '`{argument}` 是模块，而 `{callee}` 要的是它的参数：会抛出 TypeError',
    },
    uncalled: {
      en: '`{argument}` is not called: `{callee}` gets a method in place of parameters, and raises a TypeError',
      zh: '`{argument}` 后面缺少括号：`{callee}` 拿到的是方法而不是参数，会抛出 TypeError',
    },
    tensor: {
      en: '`{argument}` is a single tensor: `{callee}` takes an iterable of them, and raises a TypeError',
      zh: '`{argument}` 是单个张量，而 `{callee}` 要的是由张量组成的可迭代对象：会抛出 TypeError',
    },
    bareGroup: {
      en: 'A parameter group must be in a list: `{callee}` raises a TypeError',
      zh: '参数组必须放在列表里：`{callee}` 会抛出 TypeError',
    },
    empty: {
      en: '`{callee}` gets an empty list of parameters, and raises a ValueError',
      zh: '传给 `{callee}` 的参数列表是空的：会抛出 ValueError',
    },
    set: {
      en: 'The parameters of a group must be in order, and a set is not: `{callee}` raises a TypeError',
      zh: '参数组里的参数必须有序，而集合是无序的：`{callee}` 会抛出 TypeError',
    },
    groups: {
      en: '`{callee}` takes one parameter group only: several raise a ValueError',
      zh: '`{callee}` 只接受一个参数组：传入多个会抛出 ValueError',
    },
    write: { en: 'Write `{text}`', zh: '改为 `{text}`' },
    pass: { en: 'Pass `{text}`', zh: '传入 `{text}`' },
  },
  *check(model) {
    for (const found of invalidOptimizerArguments(model)) {
      const callee = textOf(model, found.creation.call.func)
      const repaired = repairedOptimizer(model, found)
      const fix = repaired && { message: repaired.adds ? ('pass' as const) : ('write' as const), ...repaired }
      if (found.problem === 'unknown') {
        const { keyword, name } = found
        yield { message: 'unknown', at: { start: keyword.start, end: keyword.start + name.length }, callee, name, fix }
        continue
      }
      const { at, problem } = found
      const argument = textOf(model, at)
      if (problem === 'notNumber' || problem === 'notPair' || problem === 'negative')
        yield { message: problem, at, callee, argument, parameter: found.parameter, fix }
      else yield { message: problem, at, callee, argument, fix }
    }
  },
})
