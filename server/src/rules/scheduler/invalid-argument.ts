import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { isMetric } from '../../torch/countersAndMetrics.ts'
import { textOf } from '../../torch/names.ts'
import { isProbe } from '../../torch/probes.ts'
import { raisingSchedules } from '../../torch/raisingSchedules.ts'
import type { CurveError } from '../../torch/schedule.ts'
import { type SchedulerArgumentProblem, schedulerArgumentProblems } from '../../torch/schedulerArguments.ts'
import { childrenOf } from '../../torch/schedulerCombinations.ts'
import {
  type SchedulerCall,
  type SchedulerCreation,
  schedulerCalls,
  schedulerCreationsOf,
} from '../../torch/schedulers.ts'
import { deleteArgument } from '../arguments.ts'
import { defineRule } from '../rule.ts'
import { repairedSchedulerArgument } from '../schedulerArgumentRepair.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    missing: {
      en: '`{className}` needs `{parameter}`: this call raises a TypeError',
      zh: '`{className}` 必须传入 `{parameter}`：此处会抛出 TypeError',
    },
    length: {
      en: '`OneCycleLR` needs `total_steps`, or both `epochs` and `steps_per_epoch`: this call raises a ValueError',
      zh: '`OneCycleLR` 必须传入 `total_steps`，或者同时传入 `epochs` 和 `steps_per_epoch`：此处会抛出 ValueError',
    },
    unknown: {
      en: '`{className}` has no parameter `{argument}`: this call raises a TypeError',
      zh: '`{className}` 没有参数 `{argument}`：此处会抛出 TypeError',
    },
    verbose: {
      en: '`{className}` takes no `verbose` since PyTorch 2.7: this call raises a TypeError',
      zh: '自 PyTorch 2.7 起，`{className}` 不再接受 `verbose`：此处会抛出 TypeError',
    },
    integer: {
      en: '`{parameter}` of `{className}` must be an `int`, and `{argument}` is none: this raises a ValueError',
      zh: '`{className}` 的 `{parameter}` 必须是 `int`，而 `{argument}` 不是：此处会抛出 ValueError',
    },
    choice: {
      en: '`{className}` knows no `{parameter}` `{argument}`, only {choices}: this raises a ValueError',
      zh: '`{className}` 的 `{parameter}` 不能是 `{argument}`，只能是 {choices}：此处会抛出 ValueError',
    },
    bound: {
      en: '`{parameter}` of `{className}` must be `{bound}`: `{argument}` raises a {error}',
      zh: '`{className}` 的 `{parameter}` 必须 `{bound}`：`{argument}` 会抛出 {error}',
    },
    stuck: {
      en: '`{parameter}` of `{className}` must be `{bound}`: with `{argument}` the learning rate stays at its first value',
      zh: '`{className}` 的 `{parameter}` 必须 `{bound}`：设为 `{argument}` 时，学习率会一直停在最初的值',
    },
    list: {
      en: '`{parameter}` of `{className}` is a list: the number `{argument}` raises a TypeError',
      zh: '`{className}` 的 `{parameter}` 应为列表：传入数字 `{argument}` 会抛出 TypeError',
    },
    function: {
      en: '`{parameter}` of `{className}` is a function: the number `{argument}` raises a TypeError',
      zh: '`{className}` 的 `{parameter}` 应为函数：传入数字 `{argument}` 会抛出 TypeError',
    },
    momentum: {
      en: '`{className}` cycles the momentum, and `{optimizer}` has none: this call raises a ValueError',
      zh: '`{className}` 默认会循环调整动量（momentum），而 `{optimizer}` 没有动量：此处会抛出 ValueError',
    },
    groups: {
      en: '`{parameter}` has {count} values, and the number of parameter groups is {groups}: this raises a ValueError',
      zh: '`{parameter}` 有 {count} 个值，而优化器有 {groups} 个参数组：此处会抛出 ValueError',
    },
    milestones: {
      en: 'the number of milestones for {schedulers} schedulers is {needed}, not {count}: `SequentialLR` raises a ValueError',
      zh: '{schedulers} 个学习率调度器需要 {needed} 个里程碑，而不是 {count} 个：`SequentialLR` 会抛出 ValueError',
    },
    plateau: {
      en: '`{argument}` is a ReduceLROnPlateau, which `{className}` cannot step: this raises a ValueError',
      zh: '`{argument}` 是 ReduceLROnPlateau，`{className}` 无法调用它的 `step`：此处会抛出 ValueError',
    },
    raises: {
      en: 'these arguments make `{className}` raise a {error}: {text}',
      zh: '这些参数会让 `{className}` 抛出 {error}：{text}',
    },
    later: {
      en: 'these arguments make `{className}` raise a {error} at step {step}: {text}',
      zh: '这些参数会让 `{className}` 在第 {step} 步抛出 {error}：{text}',
    },
    nested: {
      en: '`{className}` cannot go over to a combined scheduler: step {step} raises a NotImplementedError',
      zh: '`{className}` 无法切换到组合调度器：第 {step} 步会抛出 NotImplementedError',
    },
    step: {
      en: '`step` of `{className}` takes no argument: `{argument}` raises a TypeError',
      zh: '`{className}` 的 `step` 不接受参数：传入 `{argument}` 会抛出 TypeError',
    },
    write: { en: 'Write `{text}`', zh: '改为 `{text}`' },
    pass: { en: 'Pass `{text}`', zh: '传入 `{text}`' },
    remove: { en: 'Remove `{argument}`', zh: '删除 `{argument}`' },
  },
  *check(model, { torchVersion }) {
    const problems = schedulerArgumentProblems(model, torchVersion)
    for (const found of problems) yield finding(model, found)
    const wrong = new Set(problems.map(({ creation }) => creation.call))
    for (const { creation, error } of raisingSchedules(model)) {
      const { call, className } = creation
      // What a part raises, the combination raises too.
      if (model.nodes('Call', call).some(part => wrong.has(part)) || hasWrongPart(model, creation, wrong)) continue
      wrong.add(call)
      yield { at: call, className, ...raised(error) }
    }
    for (const call of schedulerCalls(model)) yield* stepArguments(model, call)
  },
})

function hasWrongPart(model: Model, creation: SchedulerCreation, wrong: ReadonlySet<ast.Call>): boolean {
  const parts = (childrenOf(model, creation) ?? []).flatMap(part => schedulerCreationsOf(model, part) ?? [])
  return parts.some(part => wrong.has(part.call))
}

function raised({ call, type, text }: CurveError) {
  const step = String(call)
  if (type === 'NotImplementedError') return { message: 'nested', step } as const
  return call === 0
    ? ({ message: 'raises', error: type, text } as const)
    : ({ message: 'later', error: type, step, text } as const)
}

function finding(model: Model, found: SchedulerArgumentProblem) {
  const { call, className } = found.creation
  const at = 'argument' in found ? found.argument : found.problem === 'unknown' ? found.keyword : call
  const argument = textOf(model, at)
  const common = { at, className, argument, fix: fixOf(model, found, argument) }
  switch (found.problem) {
    case 'missing':
      if (found.parameter === 'total_steps') return { at, message: 'length' } as const
      return { ...common, message: 'missing', parameter: found.parameter } as const
    case 'unknown':
      if (found.name === 'verbose') return { ...common, message: 'verbose' } as const
      return { ...common, message: 'unknown', argument: found.name } as const
    case 'momentum':
      return { ...common, message: 'momentum', optimizer: found.optimizer } as const
    case 'groups': {
      const { parameter, count, groups } = found
      return { ...common, message: 'groups', parameter, count: String(count), groups: String(groups) } as const
    }
    case 'milestones': {
      const { count, needed } = found
      const counts = { count: String(count), needed: String(needed), schedulers: String(needed + 1) }
      return { ...common, message: 'milestones', ...counts } as const
    }
    case 'plateau':
      return { ...common, message: 'plateau' } as const
    default:
      return { ...common, parameter: found.fact.parameter, ...demand(found) } as const
  }
}

function demand({
  problem,
  fact,
}: SchedulerArgumentProblem & { readonly problem: 'integer' | 'choice' | 'bound' | 'number' }) {
  const { choices = [], bound, notNumber } = fact
  if (problem === 'choice')
    return { message: 'choice', choices: choices.map(choice => `\`"${choice}"\``).join(' / ') } as const
  if (problem === 'number' && notNumber) return { message: notNumber } as const
  if (problem === 'integer' || !bound) return { message: 'integer' } as const
  if (bound.otherwise === 'stuck') return { message: 'stuck', bound: bound.text } as const
  return { message: 'bound', bound: bound.text, error: bound.otherwise } as const
}

function fixOf(model: Model, found: SchedulerArgumentProblem, argument: string) {
  const repaired = repairedSchedulerArgument(model, found)
  if (!repaired) return undefined
  const { text, edits } = repaired
  if (text === '') return { message: 'remove', argument, safe: true, edits } as const
  return { message: found.problem === 'momentum' ? 'pass' : 'write', text, safe: true, edits } as const
}

/** The epoch, passed to a `step` that has no parameter. */
function* stepArguments(model: Model, { call, method, creations }: SchedulerCall) {
  const [argument] = [...call.args, ...call.keywords.map(({ value }) => value)]
  const [first] = creations
  if (method !== 'step' || !argument || !first || isProbe(model, call)) return
  if (!creations.every(({ fact }) => fact.rejectsEpoch) || isMetric(argument)) return
  if (argument.kind === 'Starred' || call.keywords.some(({ arg }) => !arg)) return
  const passed = call.args[0] ?? call.keywords[0]
  const text = textOf(model, argument)
  const isOnly = call.args.length + call.keywords.length === 1
  const fix =
    passed && isOnly
      ? ({ message: 'remove', argument: text, safe: true, edits: [deleteArgument(model, call, passed)] } as const)
      : undefined
  yield { at: argument, message: 'step', className: first.className, argument: text, fix } as const
}
