import { inOrder } from '../../rules/edits.ts'
import { reference } from '../../rules/imports.ts'
import { quoteOf, statementOf } from '../../rules/layout.ts'
import type { Edit, Message } from '../../rules/rule.ts'
import { insertScaler } from '../../rules/scalerInsertion.ts'
import type { Model } from '../../semantic/model.ts'
import { autocasts } from '../../torch/autocast.ts'
import { textOf } from '../../torch/names.ts'
import { type TrainingStep, trainingStep } from '../../torch/trainingStep.ts'
import type { Case, Suggestion } from '../suggestion.ts'
import { wrap } from '../wrapping.ts'

export function mixedPrecision({ model, torchVersion }: Case): Suggestion | undefined {
  const step = trainingStep(model)
  if (!step || autocasts(model).length > 0 || otherPrecision.test(model.text)) return undefined
  const edits = editsFor(model, step, torchVersion)
  return {
    id: 'mixed-precision',
    needsCuda: true,
    title: { en: 'Mixed precision', zh: '混合精度' },
    saves: {
      en: 'about half of the activations, which are the largest part in most vision models',
      zh: '激活值大约减半；多数视觉模型里它占得最多',
    },
    costs: {
      en: "nothing in time: on GPUs with Tensor Cores (RTX 20 and later) training gets faster. Weights, gradients and the optimizer's state stay `float32`",
      zh: '不费时间：带 Tensor Core 的 GPU（RTX 20 系及以后）反而更快。权重、梯度和优化器状态仍是 `float32`',
    },
    notes: [bfloat16, ...(edits ? [] : [byHand])],
    ...(edits ? { edits } : { code: recipe(model, step) }),
  }
}

const otherPrecision = /autocast|GradScaler|\bamp\b|\.half\(\)|bf?loat16|\bfp16\b|\bbf16\b|accelerat|mixed_precision/i

const bfloat16: Message = {
  en: 'On RTX 30 and later, `dtype=torch.bfloat16` works as well and needs no `GradScaler`',
  zh: '在 RTX 30 系及以后的显卡上也可以用 `dtype=torch.bfloat16`，此时不需要 `GradScaler`',
}

const byHand: Message = {
  en: 'The forward pass or the step is spread over several functions here, so the lines have to be put in by hand',
  zh: '这里的前向计算或更新分散在几个函数里，需要手工加入这几行',
}

/** `with torch.autocast(…):` around the forward pass and the loss, and a scaler for the rest. */
function editsFor(model: Model, step: TrainingStep, torchVersion: string | undefined): readonly Edit[] | undefined {
  const [forward] = step.calls('forward')
  const last = step.calls('loss').at(-1) ?? step.calls('forward').at(-1)
  const { backward } = step
  if (!forward || !last || step.calls('backward').length > 1 || unsafe.test(model.text)) return undefined
  const scaler = insertScaler(model, backward, undefined, torchVersion)
  const autocast = reference(model, 'torch.autocast', forward)
  const float16 = reference(model, 'torch.float16', forward)
  const [first, end, pass] = [forward, last, backward.call].map(statementOf)
  if (!scaler || !autocast || !float16 || autocast.edits.length + float16.edits.length > 0) return undefined
  if (!first || !end || !pass || pass.start < end.end) return undefined
  const quote = quoteOf(model)
  const block = wrap(model, first, end, `with ${autocast.text}(${quote}cuda${quote}, dtype=${float16.text}):`)
  return block && inOrder([...block, ...scaler])
}

/** What autocast refuses has to be replaced first. */
const unsafe = /\bBCELoss\b|\bbinary_cross_entropy\(/

function recipe(model: Model, { calls, backward }: TrainingStep): string {
  const text = (kind: 'forward' | 'loss') => calls(kind).map(call => textOf(model, statementOf(call)))
  const body = [...new Set([...text('forward'), ...text('loss')])].filter(line => !line.includes('\n'))
  const [step] = calls('step')
  const optimizer = step?.func.kind === 'Attribute' ? textOf(model, step.func.value) : 'optimizer'
  return [
    'scaler = torch.amp.GradScaler("cuda")',
    '',
    'with torch.autocast("cuda", dtype=torch.float16):',
    ...(body.length > 0 ? body : ['...']).map(line => `    ${line}`),
    `scaler.scale(${textOf(model, backward.loss)}).backward()`,
    `scaler.step(${optimizer})`,
    'scaler.update()',
  ].join('\n')
}
