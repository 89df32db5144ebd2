import { deleteStatement, inOrder, replace } from '../../rules/edits.ts'
import { statementOf, suiteOf } from '../../rules/layout.ts'
import type { Edit, Message } from '../../rules/rule.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { accumulations } from '../../torch/accumulation.ts'
import { contains } from '../../torch/architecture.ts'
import { calledModule } from '../../torch/events.ts'
import { textOf } from '../../torch/names.ts'
import { type TrainingStep, trainingStep } from '../../torch/trainingStep.ts'
import type { Case, Suggestion } from '../suggestion.ts'
import { wrap } from '../wrapping.ts'

/** A smaller batch and a step in every few, so that the optimizer sees as many samples as before. */
export function accumulation({ model }: Case): Suggestion | undefined {
  const step = trainingStep(model)
  if (!step || accumulations(model).length > 0 || /accum/i.test(model.text) || step.batchSize?.value === 1)
    return undefined
  const size = step.batchSize?.value
  const every = windowOf(size)
  const edits = editsFor(model, step, every)
  const written = step.batchSize ? `\`batch_size=${textOf(model, step.batchSize.expression)}\`` : undefined
  return {
    id: 'accumulation',
    title: { en: 'A smaller batch with gradient accumulation', zh: '减小批次，用梯度累积补回来' },
    saves: {
      en: `the activations of a batch shrink to 1/${every}; the effective batch size stays ${size ?? 'the same'}`,
      zh: `每个批次的激活值减到 1/${every}；有效批次大小仍为${size === undefined ? '原来的值' : ` ${size}`}`,
    },
    costs: {
      en: 'a little time, as small batches use the GPU less well',
      zh: '稍慢一些，因为小批次不能充分利用 GPU',
    },
    notes: [
      written === undefined
        ? unknownSize
        : size === undefined
          ? divided(written, every, !edits)
          : sizes(written, size, every),
      ...batchNorm(model, step),
      ...(step.calls('scheduler_step').length > 0 ? [scheduler(every)] : []),
    ],
    ...(edits ? { edits } : { code: recipe(model, step, every) }),
  }
}

function windowOf(size: number | undefined): number {
  if (size === undefined) return 2
  return size >= 8 && size % 4 === 0 ? 4 : size % 2 === 0 ? 2 : size
}

function sizes(written: string, size: number, every: number): Message {
  return {
    en: `Now: ${written}. Then: ${every} backward passes of ${size / every}, and one step: ${every} × ${size / every} = ${size}`,
    zh: `现在是 ${written}；改后每次反向传播 ${size / every} 个样本，累积 ${every} 次再更新一次：${every} × ${size / every} = ${size}`,
  }
}

function divided(written: string, every: number, byHand: boolean): Message {
  return {
    en: `The value of ${written} is not in this file: ${byHand ? 'divide it' : 'it is divided'} by ${every}`,
    zh: `${written} 的值不在这个文件里：${byHand ? '请把它除以' : '改动会把它除以'} ${every}`,
  }
}

const unknownSize: Message = {
  en: 'The batch size is not in this file: divide it by the number of accumulated batches',
  zh: '批次大小不在这个文件里：请把它除以累积的批次数',
}

function scheduler(every: number): Message {
  return {
    en: `The scheduler of this loop then steps once in ${every} batches: count its steps in updates`,
    zh: `这样循环里的学习率调度器每 ${every} 个批次才走一步：它的总步数要按更新次数计算`,
  }
}

/** Its statistics are those of the small batch, whatever is accumulated. */
function batchNorm(model: Model, { calls }: TrainingStep): readonly Message[] {
  const [forward] = calls('forward')
  const certainty = forward ? contains(model, calledModule(forward), 'batchNorm') : 'unknown'
  if (certainty === 'no') return []
  const name = forward ? `\`${textOf(model, calledModule(forward))}\`` : 'the model'
  return [
    certainty === 'yes'
      ? {
          en: `${name} has batch norm, which still sees only the small batch: below 8 or so its statistics get noisy; \`GroupNorm\`, or frozen statistics when fine-tuning, do not mind`,
          zh: `${name} 含有批归一化（batch norm），它看到的仍只是小批次：小于 8 左右时统计量会变得不稳；换成 \`GroupNorm\`，或微调时冻结统计量，就不受影响`,
        }
      : {
          en: `If ${name} has batch norm, that still sees only the small batch, and its statistics get noisier`,
          zh: `如果 ${name} 含有批归一化（batch norm），它看到的仍只是小批次，统计量会更不稳定`,
        },
  ]
}

/** What happens once in a window. */
const windowKinds = ['unscale', 'clip', 'step', 'update', 'scheduler_step'] as const

/** Undefined unless everything that the window holds stands in the loop itself, in one piece. */
function editsFor(model: Model, step: TrainingStep, every: number): readonly Edit[] | undefined {
  const { loop, backward, batchSize, loader, calls } = step
  const { node } = loop
  const size = batchSize && smaller(model, batchSize.expression, batchSize.value, every)
  const counter = node.kind === 'For' ? counterOf(model, node) : undefined
  if (!size || !counter || calls('backward').length > 1 || calls('step').length > 1) return undefined
  const inWindow = windowKinds.flatMap(calls)
  const clears = calls('zero_grad')
  const [clear] = clears
  const isOwn = (call: ast.Call) =>
    statementOf(call).kind === 'Expr' && suiteOf(model, statementOf(call)).owner === node
  if (!clear || clears.length > 1 || ![...inWindow, clear, backward.call].every(isOwn)) return undefined
  const { statements } = suiteOf(model, statementOf(backward.call))
  const clearing = statementOf(clear)
  const window = [...inWindow.map(statementOf)].sort((a, b) => a.start - b.start)
  const [first, last] = [window[0], window.at(-1)]
  if (!first || !last || first.start < backward.call.end) return undefined
  const between = statements.slice(statements.indexOf(first), statements.indexOf(last) + 1)
  if (between.some(statement => !window.includes(statement) && statement !== clearing)) return undefined
  const isInside = between.includes(clearing)
  const end = loader ? ` or ${counter.name} + 1 == len(${textOf(model, loader.expression)})` : ''
  const head = `if (${counter.name} + 1) % ${every} == 0${end}:`
  const block = wrap(model, first, last, head, isInside ? [] : [textOf(model, clearing)])
  const loss = scaledLoss(model, backward.loss)
  return (
    block &&
    inOrder([
      size,
      ...counter.edits,
      replace(loss, lossOver(model, loss, loss === backward.loss, every)),
      ...block,
      ...(isInside ? [] : deleteStatement(model, clearing)),
    ])
  )
}

/** `loss` of `scaler.scale(loss).backward()`. */
function scaledLoss(model: Model, loss: ast.Expression): ast.Expression {
  const isScaled = loss.kind === 'Call' && /\bscale$/.test(textOf(model, loss.func))
  return (isScaled ? loss.args[0] : undefined) ?? loss
}

function lossOver(model: Model, loss: ast.Expression, isReceiver: boolean, every: number): string {
  const text = textOf(model, loss)
  const plain = /^(?:Name|Attribute|Call|Subscript)$/.test(loss.kind) ? text : `(${text})`
  return isReceiver ? `(${plain} / ${every})` : `${plain} / ${every}`
}

function smaller(model: Model, size: ast.Expression, value: number | undefined, every: number): Edit | undefined {
  if (size.kind === 'Constant') return value === undefined ? undefined : replace(size, String(value / every))
  const isName = size.kind === 'Name' || size.kind === 'Attribute' || size.kind === 'Subscript'
  return isName ? replace(size, `${textOf(model, size)} // ${every}`) : undefined
}

/** The number of the batch, and what it takes to have one. */
function counterOf(model: Model, { target, iter }: ast.For): { name: string; edits: readonly Edit[] } | undefined {
  const counted = enumeration(model, iter)
  if (counted) {
    const [name] = target.kind === 'Tuple' ? target.elements : []
    const start = model.argument(counted, 'start', 1)
    const isFromZero = start.kind === 'absent' || (start.kind === 'given' && model.constant(start.value) === 0)
    return name?.kind === 'Name' && isFromZero ? { name: name.id, edits: [] } : undefined
  }
  const name = ['i', 'index', 'batch_index'].find(free => model.nodes('Name').every(({ id }) => id !== free))
  if (name === undefined) return undefined
  const text = textOf(model, target)
  const isOpen = target.kind === 'Tuple' && !text.startsWith('(')
  return {
    name,
    edits: [
      replace(target, `${name}, ${isOpen ? `(${text})` : text}`),
      replace(iter, `enumerate(${textOf(model, iter)})`),
    ],
  }
}

/** `enumerate(loader)`, also in a progress bar. */
function enumeration(model: Model, iterable: ast.Expression | undefined): ast.Call | undefined {
  if (iterable?.kind !== 'Call') return undefined
  const isIt = model.qualifiedName(iterable.func) === 'builtins.enumerate'
  return isIt ? iterable : enumeration(model, iterable.args[0])
}

function recipe(model: Model, { calls, backward, loader }: TrainingStep, every: number): string {
  const [clear] = calls('zero_grad')
  const batches = loader ? textOf(model, loader.expression) : 'loader'
  return [
    `for i, batch in enumerate(${batches}):  # batch_size / ${every}`,
    '    ...',
    `    ${overWindow(model, backward.loss, every)}.backward()`,
    `    if (i + 1) % ${every} == 0 or i + 1 == len(${batches}):`,
    ...linesOf(model, windowKinds.flatMap(calls)).map(line => `        ${line}`),
    `        ${clear ? textOf(model, clear) : 'optimizer.zero_grad()'}`,
  ].join('\n')
}

/** The statements of these calls, each once, in the order of the script. */
function linesOf(model: Model, calls: readonly ast.Call[]): readonly string[] {
  const statements = new Set(calls.map(statementOf).filter(({ kind }) => kind === 'Expr'))
  const inOrder = [...statements].sort((a, b) => a.start - b.start)
  return inOrder.map(statement => textOf(model, statement)).filter(text => !text.includes('\n'))
}

function overWindow(model: Model, loss: ast.Expression, every: number): string {
  const inner = scaledLoss(model, loss)
  const text = lossOver(model, inner, inner === loss, every)
  return inner === loss || loss.kind !== 'Call' ? text : `${textOf(model, loss.func)}(${text})`
}
