import type { Model } from '../../semantic/model.ts'
import { deprecatedNames } from '../../torch/deprecatedNames.ts'
import { currentRelease } from '../../torch/facts/deprecations.ts'
import { missingChoices, numberFirstCalls, samplerSources } from '../../torch/legacyArguments.ts'
import { legacyVariables } from '../../torch/legacyVariables.ts'
import { textOf } from '../../torch/names.ts'
import { removedModuleImports } from '../../torch/removedModules.ts'
import { numberLast, renameUse, tensorText, unwrap, unwrapAll } from '../apiRepair.ts'
import { appendArgument, deleteArguments } from '../arguments.ts'
import { replace } from '../edits.ts'
import { quoteOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'deprecation',
  severity: 'warning',
  since: '0.1.0',
  tags: ['deprecated'],
  messages: {
    deprecated: {
      en: '`{name}` is deprecated since PyTorch {since}: use `{successor}`',
      zh: '`{name}` 自 PyTorch {since} 起已弃用，请改用 `{successor}`',
    },
    removed: {
      en: '`{name}` does not work in PyTorch {version} any more: use `{successor}`',
      zh: '`{name}` 在 PyTorch {version} 中已不能使用，请改用 `{successor}`',
    },
    variable: {
      en: '`Variable` only returns a tensor since PyTorch 0.4: use `{successor}`',
      zh: '自 PyTorch 0.4 起 `Variable` 返回的就是张量，请直接用 `{successor}`',
    },
    variableItself: {
      en: '`Variable` only returns a tensor since PyTorch 0.4: use the tensor itself',
      zh: '自 PyTorch 0.4 起 `Variable` 返回的就是张量，请直接使用张量本身',
    },
    volatile: {
      en: '`{argument}` has no effect since PyTorch 0.4: compute under `torch.no_grad()`',
      zh: '`{argument}` 自 PyTorch 0.4 起不再起作用，请改在 `torch.no_grad()` 下计算',
    },
    numberFirst: {
      en: 'a number as the first argument of `{method}` is deprecated since PyTorch 1.5: pass it last, as `{keyword}={number}`',
      zh: '把数作为 `{method}` 的第一个参数的写法自 PyTorch 1.5 起已弃用，请放到最后，写成 `{keyword}={number}`',
    },
    missingChoice: {
      en: '`{name}` without `{parameter}` is deprecated since PyTorch {since}: pass `{argument}`',
      zh: '调用 `{name}` 而不写 `{parameter}` 自 PyTorch {since} 起已弃用，请传入 `{argument}`',
    },
    samplerDeprecated: {
      en: 'an argument for the `__init__` of `Sampler` is deprecated since PyTorch 2.1: it is not used',
      zh: '向 `Sampler` 的 `__init__` 传参自 PyTorch 2.1 起已弃用，参数不会被用到',
    },
    samplerRemoved: {
      en: 'the `__init__` of `Sampler` takes no argument in PyTorch {version}: this raises a TypeError',
      zh: '在 PyTorch {version} 中，`Sampler` 的 `__init__` 不接受参数，这里会抛出 TypeError',
    },
    replace: { en: 'Replace with `{successor}`', zh: '替换为 `{successor}`' },
    renameAll: { en: 'Rename it in the import and in its {count} uses', zh: '在 import 和 {count} 处使用中一并改名' },
    unwrapAll: {
      en: 'Remove `Variable` from the file ({count} calls)',
      zh: '删除文件中的 `Variable`（共 {count} 处调用）',
    },
    unwrap: { en: 'Remove `Variable`', zh: '删除 `Variable`' },
    moveNumber: { en: 'Pass `{keyword}={number}` last', zh: '把 `{keyword}={number}` 放到最后' },
    pass: { en: 'Pass `{argument}`', zh: '传入 `{argument}`' },
    remove: { en: 'Remove the argument', zh: '删除这个参数' },
  },
  *check(model, { torchVersion }) {
    const version = torchVersion ?? currentRelease
    yield* names(model, torchVersion, version)
    for (const { statement, successor, fix } of removedModuleImports(model, torchVersion))
      yield {
        message: 'removed',
        at: statement,
        name: statement.module,
        version,
        successor,
        severity: 'error',
        fix:
          fix === undefined
            ? undefined
            : { message: 'replace', successor, safe: true, edits: [replace(statement, fix)] },
      } as const
    yield* variables(model)
    for (const found of numberFirstCalls(model, torchVersion)) {
      const { method, keyword } = found
      const number = textOf(model, found.number)
      const edits = numberLast(model, found)
      const fix = edits && ({ message: 'moveNumber', keyword, number, safe: true, edits } as const)
      yield { message: 'numberFirst', at: found.number, method, keyword, number, fix } as const
    }
    for (const { call, parameter, since, value } of missingChoices(model, torchVersion)) {
      const quote = value.isString ? quoteOf(model) : ''
      const argument = `${parameter}=${quote}${value.text}${quote}`
      const edits = [appendArgument(model, call, argument)]
      yield {
        message: 'missingChoice',
        at: call.func,
        name: textOf(model, call.func),
        parameter,
        since,
        argument,
        fix: { message: 'pass', argument, safe: value.keepsBehavior, edits },
      } as const
    }
    for (const { call, removed } of samplerSources(model, torchVersion)) {
      const edits = deleteArguments(model, call, [...call.args, ...call.keywords])
      const fix = { message: 'remove', safe: true, edits } as const
      yield removed
        ? ({ message: 'samplerRemoved', at: call, version, severity: 'error', fix } as const)
        : ({ message: 'samplerDeprecated', at: call, fix } as const)
    }
  },
})

function* names(model: Model, torchVersion: string | undefined, version: string) {
  const uses = deprecatedNames(model, torchVersion)
  for (const use of uses) {
    const { name, since, successor, renaming } = use.fact
    const found = renaming && renameUse(model, use, uses)
    const safe = renaming?.unsafeWith === undefined
    const place = { at: use.node, name, successor: successor.name }
    const fix =
      found &&
      (found.count === 1
        ? ({ message: 'replace', successor: successor.name, safe, edits: found.edits } as const)
        : ({ message: 'renameAll', count: String(found.count), safe, edits: found.edits } as const))
    yield use.removed
      ? ({ message: 'removed', ...place, version, severity: 'error', fix } as const)
      : ({ message: 'deprecated', ...place, since, fix } as const)
  }
}

function* variables(model: Model) {
  const found = legacyVariables(model)
  const all = found.length > 1 ? unwrapAll(model, found) : undefined
  for (const variable of found) {
    const { call, volatile } = variable
    if (volatile) yield { message: 'volatile', at: volatile, argument: textOf(model, volatile) } as const
    else {
      const successor = tensorText(model, variable)
      const one = unwrapAll(model, [variable]) ?? unwrap(model, [variable])
      const fix = all
        ? ({ message: 'unwrapAll', count: String(found.length), safe: true, edits: all } as const)
        : one && ({ message: 'unwrap', safe: true, edits: one } as const)
      const isShort = successor !== undefined && successor.length <= longestText && !/[\r\n]/.test(successor)
      yield isShort
        ? ({ message: 'variable', at: call, successor, fix } as const)
        : ({ message: 'variableItself', at: call, fix } as const)
    }
  }
}

/** What is longer is not repeated in a message. */
const longestText = 60
