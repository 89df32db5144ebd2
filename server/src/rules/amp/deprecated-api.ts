import type { Model } from '../../semantic/model.ts'
import { type DeprecatedUse, deprecatedUses, replaceableAmpNames } from '../../torch/deprecations.ts'
import { appendArgument, groupedRange, prependArgument } from '../arguments.ts'
import { insertion } from '../edits.ts'
import { quoteOf } from '../layout.ts'
import { type Migrated, migrate } from '../migration.ts'
import { defineRule, type Edit } from '../rule.ts'

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
    replace: { en: 'Replace with `{successor}`', zh: '替换为 `{successor}`' },
    replaceAll: {
      en: 'Move the import and its {count} calls to `{module}`',
      zh: '将这条 import 和它的 {count} 处调用改用 `{module}`',
    },
  },
  *check(model, { torchVersion }) {
    const names = replaceableAmpNames(torchVersion)
    const successors = new Map(names.map(({ name, successor }) => [name, `${successor.module}.${successor.name}`]))
    const uses = deprecatedUses(model, names)
    const quote = quoteOf(model)
    for (const use of uses) {
      const { name, since } = use.fact
      const successor = successorText(use, quote)
      const found = migrate(model, use.callee, {
        successor: old => successors.get(old) ?? movedModules.get(old),
        rewrite: callee =>
          rewriteArguments(
            model,
            quote,
            uses.find(other => other.callee === callee),
          ),
      })
      yield {
        message: 'deprecated',
        at: use.callee,
        name,
        since,
        successor,
        fix: found && fixOf(use, successor, found),
      }
    }
  },
})

const movedModules: ReadonlyMap<string, string> = new Map([
  ['torch.cuda.amp', 'torch.amp'],
  ['torch.cpu.amp', 'torch.amp'],
])

function fixOf({ fact }: DeprecatedUse, successor: string, { edits, count }: Migrated) {
  const fix = { safe: true, edits }
  return count === 1
    ? ({ ...fix, message: 'replace', successor } as const)
    : ({ ...fix, message: 'replaceAll', count: String(count), module: fact.successor.module } as const)
}

function successorText({ fact: { successor } }: DeprecatedUse, quote: string): string {
  const device = quote + successor.device + quote
  const passed = successor.devicePassed === 'first' ? device : `${successor.devicePassed}=${device}`
  return `${successor.module}.${successor.name}(${passed})`
}

/** Passes the device, and names the positional arguments that the successor takes in another order. */
function rewriteArguments(model: Model, quote: string, use: DeprecatedUse | undefined): readonly Edit[] | undefined {
  if (!use) return undefined
  const { call, callee, fact } = use
  const { successor, positional } = fact
  const device = quote + successor.device + quote
  if (successor.devicePassed === 'device_type') {
    const argument = `device_type=${device}`
    return [call ? appendArgument(model, call, argument) : insertion(callee.end, `(${argument})`)]
  }
  if (!call || call.keywords.some(({ arg }) => arg === 'device' || arg === 'device_type')) return undefined
  const [first, ...rest] = call.args
  // `torch.cuda.amp.autocast("cuda")` takes the device for `enabled`, which is true by default; the successor has it right.
  if (first?.kind === 'Constant' && first.type === 'str')
    return first.value === successor.device && rest.length === 0 ? [] : undefined
  const moved = call.args.filter((_, index) => positional[index] !== successor.positional[index])
  if (moved.length > 0 && call.args.some(({ kind }) => kind === 'Starred')) return undefined
  const named = (moved.length === 0 ? [] : call.args).map((argument, index) =>
    insertion(groupedRange(model, argument).start, `${positional[index]}=`),
  )
  return [prependArgument(model, call, device), ...named]
}
