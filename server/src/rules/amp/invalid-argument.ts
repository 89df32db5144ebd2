import { invalidArguments } from '../../torch/invalidArguments.ts'
import { textOf } from '../../torch/names.ts'
import { repairedArgument } from '../argumentRepair.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    missing: {
      en: '`{callee}` needs the device type first, such as `"cuda"`: this call raises a TypeError',
      zh: '`{callee}` 的第一个参数应为设备类型，如 `"cuda"`：缺少它会抛出 TypeError',
    },
    type: {
      en: '`{parameter}` of `{callee}` must be a `{expected}`, not the `{given}` `{argument}`: PyTorch raises an error',
      zh: '`{callee}` 的 `{parameter}` 应为 `{expected}`，而 `{argument}` 是 `{given}`：PyTorch 会报错',
    },
    device: {
      en: 'PyTorch has no device type `{argument}`: `{callee}` raises a RuntimeError',
      zh: 'PyTorch 没有 `{argument}` 这种设备类型：`{callee}` 会抛出 RuntimeError',
    },
    misread: {
      en: '`{callee}` takes the device first: `{argument}` is read as `device`, not as `{meant}`, in silence',
      zh: '`{callee}` 的第一个参数是设备：`{argument}` 会被当成 `device` 而不是 `{meant}`，且没有任何提示',
    },
    bound: {
      en: '`{parameter}` must be `{bound}`: `{callee}` raises an AssertionError',
      zh: '`{parameter}` 必须 `{bound}`：`{callee}` 会抛出 AssertionError',
    },
    dtype: {
      en: 'Autocast on the CPU has no `{argument}`: it warns and switches itself off',
      zh: 'CPU 上的 autocast 不支持 `{argument}`：它会给出警告并自行关闭',
    },
    write: { en: 'Write `{text}`', zh: '改为 `{text}`' },
    pass: { en: 'Pass `{text}`', zh: '传入 `{text}`' },
  },
  *check(model) {
    for (const found of invalidArguments(model)) {
      const { call } = found
      const at = 'argument' in found ? found.argument : call
      const names = { at, callee: textOf(model, call.func), argument: textOf(model, at) }
      const repaired = repairedArgument(model, found)
      const fix = repaired && ({ message: 'write', safe: true, ...repaired } as const)
      if (found.problem === 'missing') yield { ...names, message: 'missing', fix: fix && { ...fix, message: 'pass' } }
      else if (found.problem === 'device') yield { ...names, message: 'device', fix }
      else if (found.problem === 'dtype') yield { ...names, message: 'dtype', severity: 'warning' }
      else if (found.problem === 'misread') yield { ...names, message: 'misread', meant: found.meant, fix }
      else if (found.problem === 'bound')
        yield { ...names, message: 'bound', parameter: found.parameter, bound: found.bound }
      else {
        const { parameter, expected, given } = found
        yield { ...names, message: 'type', parameter, expected, given, fix }
      }
    }
  },
})
