/** What a script lets its user set that decides about memory: command-line options, and constants at the top of the file. */
import type { Message } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

export interface MemoryOption {
  readonly at: ast.Node
  /** `--batch-size`, `Unfreeze_batch_size`. */
  readonly name: string
  /** As it is written; undefined where that is not visible. */
  readonly value: string | undefined
  readonly effect: Message
}

export function memoryOptions(model: Model): readonly MemoryOption[] {
  const found = [...argumentsOf(model), ...constantsOf(model)].sort((a, b) => a.at.start - b.at.start)
  return found.filter(({ name }, index) => found.findIndex(other => other.name === name) === index)
}

/** `parser.add_argument("-b", "--batch-size", default=64)`, also as an option of click. */
function argumentsOf(model: Model): readonly MemoryOption[] {
  return model.nodes('Call').flatMap(call => {
    if (call.func.kind !== 'Attribute' || !/^(?:add_argument|option)$/.test(call.func.attr)) return []
    const names = call.args.map(argument => model.constant(argument)).filter(name => typeof name === 'string')
    const name = names.find(each => each.startsWith('--'))
    const effect = name === undefined ? undefined : effectOf(name)
    if (name === undefined || !effect || isOn(model, call)) return []
    return [{ at: call, name, value: defaultOf(model, call), effect }]
  })
}

function defaultOf(model: Model, call: ast.Call): string | undefined {
  const given = call.keywords.find(({ arg }) => arg === 'default')?.value
  if (given) return short(model, given)
  const action = call.keywords.find(({ arg }) => arg === 'action')?.value
  return action && model.constant(action) === 'store_true' ? 'False' : undefined
}

function isOn(model: Model, call: ast.Call): boolean {
  const given = call.keywords.find(({ arg }) => arg === 'default')?.value
  return given !== undefined && model.constant(given) === true
}

/** `batch_size = 16` outside of functions, where a user would change it. */
function constantsOf(model: Model): readonly MemoryOption[] {
  return model.nodes('Assign').flatMap(assign => {
    const [target, ...others] = assign.targets
    if (target?.kind !== 'Name' || others.length > 0 || model.scope(assign) !== model.module) return []
    const value = isLiteral(assign.value) && model.constant(assign.value) !== true && short(model, assign.value)
    const effect = effectOf(target.id)
    return value && effect ? [{ at: assign, name: target.id, value, effect }] : []
  })
}

function isLiteral(node: ast.Expression): boolean {
  return node.kind === 'Constant' || ((node.kind === 'List' || node.kind === 'Tuple') && node.elements.every(isLiteral))
}

function short(model: Model, node: ast.Expression): string | undefined {
  const text = model.textOf(node)
  return text.length <= 30 && !/[`|\n]/.test(text) ? text : undefined
}

function effectOf(name: string): Message | undefined {
  const words = name.toLowerCase().replace(/^-+/, '').replace(/-/g, '_')
  if (/(?:^|_)(?:val|valid|validation|test|eval|infer|inference|sample|gen|log)_/.test(words)) return undefined
  return effects.find(([pattern]) => pattern.test(words))?.[1]
}

const effects: readonly (readonly [RegExp, Message])[] = [
  [
    /(?:^|_)(?:grad|gradient)s?_accum(?:ulat\w+)?(?:_steps?|_iters?)?$|^accum(?:ulat\w+)?(?:_(?:steps?|iters?))?$/,
    {
      en: 'with a batch that is smaller by as much: fewer activations, the same effective batch size',
      zh: '同时把批次减小同样的倍数：激活值更少，有效批次大小不变',
    },
  ],
  [/(?:^|_)batch_?size(?:_per_\w+)?$|^batch$/, { en: 'smaller: fewer activations', zh: '调小：激活值更少' }],
  [
    /^(?:img|image|input)_?(?:sz|size|shape|resolution)$|^(?:resolution|crop_size|img|imgsz)$/,
    {
      en: 'smaller: activations shrink with the square of the side',
      zh: '调小：激活值随边长的平方减少',
    },
  ],
  [
    /^(?:max_)?(?:seq|sequence|source|target|context|text)_?(?:len|length)$|^(?:max_len(?:gth)?|block_size|n_ctx)$/,
    { en: 'shorter: fewer activations', zh: '调短：激活值更少' },
  ],
  [
    /^(?:use_)?(?:fp16|bf16|amp|mixed_precision|half_precision)$/,
    { en: 'about half of the activations', zh: '激活值大约减半' },
  ],
  [
    /(?:grad|gradient|activation)_checkpoint(?:ing)?$|^(?:use_)?checkpointing$|^use_checkpoint$/,
    {
      en: 'most of the activations, for about a third more time',
      zh: '省下大部分激活值，时间多约三分之一',
    },
  ],
  [/8_?bit_adam|adam_?8_?bit/, { en: "three quarters of Adam's state", zh: 'Adam 的状态省下四分之三' }],
  [
    /xformers|flash_attn|flash_attention|memory_efficient_attention/,
    {
      en: 'the attention matrices, which grow with the square of the length',
      zh: '省下随长度平方增长的注意力矩阵',
    },
  ],
  [
    /^freeze(?:_(?:train|layers?|backbone|encoder))?$/,
    {
      en: 'no gradients and no optimizer state for frozen layers',
      zh: '冻结的层没有梯度和优化器状态',
    },
  ],
]
