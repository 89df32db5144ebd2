import type { Model } from '../../semantic/model.ts'
import { type DeprecatedUse, deprecatedAmpUses } from '../../torch/deprecations.ts'
import { deprecatedAmpNames } from '../../torch/facts/amp.ts'
import { appendArgument, groupedRange, prependArgument } from '../arguments.ts'
import { insertion } from '../edits.ts'
import { quoteOf } from '../layout.ts'
import { migrate } from '../migration.ts'
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
    replace: { en: 'Replace by `{successor}`', zh: '替换为 `{successor}`' },
  },
  *check(model, { torchVersion }) {
    const quote = quoteOf(model)
    const uses = deprecatedAmpUses(model, torchVersion)
    for (const use of uses) {
      const { name, since } = use.fact
      const successor = successorText(use, quote)
      const edits = migrate(model, use.callee, {
        successor: old => successors.get(old),
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
        fix: edits && { message: 'replace', successor, safe: true, edits },
      }
    }
  },
})

const successors: ReadonlyMap<string, string> = new Map([
  ...deprecatedAmpNames.map(({ name, successor }) => [name, `${successor.module}.${successor.name}`] as const),
  ['torch.cuda.amp', 'torch.amp'],
  ['torch.cpu.amp', 'torch.amp'],
])

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
