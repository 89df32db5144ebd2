import { appendArgument } from '../../rules/arguments.ts'
import type { Message } from '../../rules/rule.ts'
import type { Model } from '../../semantic/model.ts'
import { isAtLeast } from '../../torch/deprecations.ts'
import { nameOf } from '../../torch/names.ts'
import { type OptimizerCreation, optimizerCreations } from '../../torch/optimizers.ts'
import { trains } from '../../torch/trainedModels.ts'
import type { Case, Suggestion } from '../suggestion.ts'

/** Since when the class has a fused step. */
const fusedSince: Readonly<Record<string, string>> = { Adam: '2.0', AdamW: '2.0', SGD: '2.3' }

/** A step that needs no temporary copies. */
export function fusedOptimizers({ model, torchVersion }: Case): Suggestion | undefined {
  const plain = optimizerCreations(model).filter(({ call, className }) => {
    const since = fusedSince[className]
    const isKnown = since !== undefined && (torchVersion === undefined || isAtLeast(torchVersion, since))
    const isChosen = call.keywords.some(
      ({ arg }) => arg === undefined || /^(?:fused|foreach|differentiable)$/.test(arg),
    )
    return isKnown && !isChosen
  })
  if (plain.length === 0 || !trains(model)) return undefined
  const names = plain.map(creation => `\`${nameOf(model, creation.call) ?? creation.className}\``).join(', ')
  return {
    id: 'fused-optimizer',
    title: { en: 'A fused optimizer step', zh: '融合（fused）的优化器更新' },
    saves: {
      en: `the temporary copies that ${names} makes in each \`step()\`: on CUDA the default, \`foreach\`, takes about as much again as the weights for a moment`,
      zh: `${names} 每次 \`step()\` 时的临时副本：CUDA 上默认的 \`foreach\` 会短暂多占大约一份权重的显存`,
    },
    costs: { en: 'nothing; it is faster', zh: '没有代价，反而更快' },
    notes: [
      {
        en: 'It helps where the error is raised in `step()`. The parameters have to be on the GPU when the optimizer is made; `foreach=False` saves the same and is slower',
        zh: '如果错误是在 `step()` 里报出的，这一项有用。创建优化器时参数必须已在 GPU 上；`foreach=False` 同样省显存，但更慢',
      },
    ],
    edits: plain.map(({ call }) => appendArgument(model, call, 'fused=True')),
  }
}

/** State in 8 bits rather than 32. */
export function smallerState({ model }: Case): Suggestion | undefined {
  const adams = optimizerCreations(model).filter(({ className }) => className === 'Adam' || className === 'AdamW')
  const [first] = adams
  if (!first || !trains(model) || /bitsandbytes|8bit|torchao/i.test(model.text)) return undefined
  return {
    id: 'eight-bit-optimizer',
    needsCuda: true,
    title: { en: "The optimizer's state in 8 bits", zh: '8 位优化器状态' },
    saves: {
      en: 'about 6 of the 8 bytes of state per parameter: 0.6 GB for a hundred million parameters',
      zh: '每个参数 8 字节的状态大约省下 6 字节：一亿个参数就是 0.6 GB',
    },
    costs: {
      en: 'a package, `pip install bitsandbytes`, and a little precision; tensors below 4,096 elements stay in 32 bits',
      zh: '多一个依赖（`pip install bitsandbytes`）和少许精度；不足 4096 个元素的张量仍用 32 位',
    },
    notes: [small],
    code: replaced(model, first),
  }
}

const small: Message = {
  en: 'With fewer than about fifty million parameters there is little to gain: the activations are what fills the memory',
  zh: '参数不到五千万时收益很小：占满显存的是激活值',
}

function replaced(model: Model, { call, className }: OptimizerCreation): string {
  const given = model.textOf(call).slice(call.argumentsStart - call.start)
  const name = nameOf(model, call) ?? 'optimizer'
  return `import bitsandbytes\n\n${name} = bitsandbytes.optim.${className}8bit${given}`.replace(/\n {4,}/g, '\n    ')
}
