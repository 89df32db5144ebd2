/** Scripts whose loop belongs to a library: what its own settings save. */
import type { Message } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'

export interface TrainerSettings {
  readonly library: string
  /** The call with what it is not given yet. */
  readonly code: string
  readonly note: Message
}

interface Trainer {
  readonly library: string
  readonly callee: RegExp
  readonly settings: readonly (readonly [name: string, value: string])[]
  readonly note: Message
}

const trainers: readonly Trainer[] = [
  {
    library: 'Accelerate',
    callee: /^accelerate\.(?:accelerator\.)?Accelerator$/,
    settings: [
      ['mixed_precision', '"fp16"'],
      ['gradient_accumulation_steps', '4'],
    ],
    note: {
      en: 'Accumulation also takes `with accelerator.accumulate(model):` around the step, and a batch of a quarter',
      zh: '梯度累积还需要用 `with accelerator.accumulate(model):` 包住每一步，并把批次减到四分之一',
    },
  },
  {
    library: 'Lightning',
    callee: /^(?:pytorch_lightning|lightning(?:\.pytorch)?)\.(?:trainer\.)?(?:trainer\.)?Trainer$/,
    settings: [
      ['precision', '"16-mixed"'],
      ['accumulate_grad_batches', '4'],
    ],
    note: {
      en: 'Accumulation goes with a batch of a quarter. Before Lightning 2.0 it is `precision=16`',
      zh: '使用梯度累积时把批次减到四分之一。Lightning 2.0 以前写作 `precision=16`',
    },
  },
  {
    library: 'Transformers',
    callee: /^transformers\.(?:\w+\.)*\w*TrainingArguments$/,
    settings: [
      ['per_device_train_batch_size', '1'],
      ['gradient_accumulation_steps', '8'],
      ['gradient_checkpointing', 'True'],
      ['fp16', 'True'],
    ],
    note: {
      en: 'The effective batch size is the product of the first two. On RTX 30 and later `bf16=True` can take the place of `fp16=True`',
      zh: '有效批次大小是前两项的乘积。RTX 30 系及以后可以用 `bf16=True` 代替 `fp16=True`',
    },
  },
]

export function trainerSettings(model: Model): TrainerSettings | undefined {
  for (const call of model.nodes('Call')) {
    const name = model.qualifiedName(call.func)
    const trainer = name === undefined ? undefined : trainers.find(({ callee }) => callee.test(name))
    if (!trainer) continue
    const given = new Set(call.keywords.map(({ arg }) => arg))
    const isMixed = given.has('fp16') || given.has('bf16')
    const missing = trainer.settings.filter(([setting]) => !given.has(setting) && !(setting === 'fp16' && isMixed))
    if (missing.length === 0 || given.has(undefined)) continue
    const lines = missing.map(([setting, value]) => `    ${setting}=${value},`)
    const code = [`${model.textOf(call.func)}(`, '    ...,', ...lines, ')'].join('\n')
    return { library: trainer.library, code, note: trainer.note }
  }
  return undefined
}
