import type { Message } from '../rules/rule.ts'
import type { Model, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type EffectiveBatch, effectiveBatches, type Factor, totalOf } from '../torch/effectiveBatches.ts'
import type { Hint } from './hint.ts'

/** At the loader's batch size, and at the test that tells when the accumulated gradients are used. */
export function batchHints(model: Model): readonly Hint[] {
  const all = effectiveBatches(model).filter(({ accumulation, processes }) => accumulation || processes !== 'one')
  const hints = all.flatMap(each => {
    const tooltip = tooltipOf(each)
    const { accumulation } = each
    const text = accumulation && productOf(each, 'named')
    return [...sizeHint(model, each), ...(accumulation && text ? [{ at: accumulation.test.end, text, tooltip }] : [])]
  })
  return hints.filter(({ at }, index) => hints.findIndex(other => other.at === at) === index)
}

function sizeHint(model: Model, each: EffectiveBatch): readonly Hint[] {
  const { size, loader } = each
  if (!size || model.moduleOf(size) !== model.module) return []
  const text = productOf(each, size.kind === 'Constant' ? 'the rest' : 'all')
  // What makes several loaders, or one that is gone through in several ways, has no one effective batch.
  const scope = model.scope(loader)
  const isShared = scope.kind === 'FunctionDef' && (model.callSites(scope) ?? []).length > 1
  const isIterated = model
    .calls(['builtins.iter'])
    .some(({ args: [given] }) => given && model.values(given).some(value => isMadeBy(value, loader)))
  const isAmbiguous = effectiveBatches(model).some(
    other => other.loader === loader && productOf(other, 'all')?.en !== productOf(each, 'all')?.en,
  )
  return isShared || isIterated || isAmbiguous || !text ? [] : [{ at: size.end, text, tooltip: tooltipOf(each) }]
}

const isMadeBy = (value: Value, call: ast.Call): boolean => value.kind === 'instance' && value.creation === call

/** `8 × 4 accumulated = 32 per process`; undefined where a factor can neither be computed nor named. */
function productOf(each: EffectiveBatch, form: 'all' | 'the rest' | 'named'): Message | undefined {
  const { batch, accumulation, processes } = each
  const total = totalOf(each)
  const [size, every] = [numberOf(batch), accumulation && numberOf(accumulation)]
  if ((accumulation && every === undefined) || (form === 'named' && size === undefined)) return undefined
  const render = (language: keyof Message): string => {
    const word = words[language]
    const first = form === 'the rest' || size === undefined ? '' : `${size} `
    const factors = [
      ...(every === undefined ? [] : [word.accumulated(every)]),
      ...(typeof processes === 'number' ? [word.processes(processes)] : []),
    ]
    if (factors.length === 0) return word.perProcess
    const product = `${form === 'named' ? `${word.batch} ` : ''}${first}× ${factors.join(' × ')}${total === undefined ? '' : ` = ${total}`}`
    const isDefault = total !== undefined && (batch.isDefault || accumulation?.isDefault)
    const result = isDefault ? word.byDefault(product) : product
    return processes === 'several' ? `${result}${word.space}${word.perProcess}` : result
  }
  return { en: render('en'), zh: render('zh') }
}

/** What is said of one step: `effective batch 32 per process`, or of its batch alone; undefined without numbers. */
export function batchOf(each: EffectiveBatch): Message | undefined {
  const { batch, accumulation, processes } = each
  const total = totalOf(each)
  if (total === undefined || each.size === undefined) return undefined
  const isWhole = accumulation === undefined && typeof processes !== 'number'
  const isDefault = batch.isDefault || accumulation?.isDefault === true
  const render = (language: keyof Message): string => {
    const word = words[language]
    const said = `${isWhole ? word.batch : word.effective} ${total}`
    const result = isDefault ? word.byDefault(said) : said
    return processes === 'several' ? `${result}${word.space}${word.perProcess}` : result
  }
  return { en: render('en'), zh: render('zh') }
}

const words = {
  en: {
    batch: 'batch',
    effective: 'effective batch',
    accumulated: (count: string) => `${count} accumulated`,
    processes: (count: number) => `${count} processes`,
    byDefault: (text: string) => `${text} by default`,
    perProcess: 'per process',
    space: ' ',
  },
  zh: {
    batch: '批次大小',
    effective: '有效批次大小',
    accumulated: (count: string) => `累积 ${count} 次`,
    processes: (count: number) => `${count} 个进程`,
    byDefault: (text: string) => `默认${/^[批有]/.test(text) ? '' : ' '}${text}`,
    perProcess: '每个进程',
    space: '，',
  },
} as const

const longest = 24

function numberOf({ value, text }: Factor): string | undefined {
  if (value !== undefined) return String(value)
  return text === undefined || text.length > longest || text.includes('\n') ? undefined : text
}

function tooltipOf({ processes, accumulation }: EffectiveBatch): Message {
  const parts: readonly Message[] = [...(accumulation ? [accumulates] : []), ...(processes === 'one' ? [] : [averages])]
  return { en: parts.map(({ en }) => en).join(' '), zh: parts.map(({ zh }) => zh).join('') }
}

const accumulates: Message = {
  en: 'The gradients of several batches are added up before the optimizer steps: one step sees them all.',
  zh: '若干批次的梯度先累加，优化器再更新一次：一步看到的是这些批次的全部样本。',
}

const averages: Message = {
  en: 'Every process loads batches of this size, and the gradients of all of them are averaged.',
  zh: '每个进程各自加载这么大的批次，所有进程的梯度再取平均。',
}
