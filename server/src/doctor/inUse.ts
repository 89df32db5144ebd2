/** What the script does about memory already, and what its optimizers keep for each parameter. */
import type { Message } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { accumulations } from '../torch/accumulation.ts'
import { autocasts } from '../torch/autocast.ts'
import { nameOf, textOf } from '../torch/names.ts'
import { type OptimizerCreation, optimizerCreations } from '../torch/optimizers.ts'

export interface Used {
  readonly at: ast.Node
  readonly text: Message
}

export function usedAlready(model: Model): readonly Used[] {
  const calls = model.nodes('Call')
  const named = (pattern: RegExp) => calls.filter(({ func }) => pattern.test(model.qualifiedName(func) ?? ''))
  const method = (pattern: RegExp) => calls.filter(({ func }) => func.kind === 'Attribute' && pattern.test(func.attr))
  const first = (found: readonly ast.Node[], text: Message): readonly Used[] =>
    found.slice(0, 1).map(at => ({ at, text }))
  return [
    ...first(
      autocasts(model)
        .filter(({ enabled }) => enabled !== 'no')
        .map(({ call }) => call),
      { en: 'mixed precision', zh: '混合精度' },
    ),
    ...accumulations(model)
      .slice(0, 1)
      .map(({ branch, test }) => accumulated(branch, textOf(model, test.every))),
    ...first(
      [
        ...named(/^torch\.utils\.checkpoint\./),
        ...method(/^(?:gradient_checkpointing_enable|set_grad_checkpointing)$/),
      ],
      { en: 'activation checkpointing', zh: '激活检查点' },
    ),
    ...first(named(/^torch\.(?:autograd\.)?(?:grad_mode\.)?(?:no_grad|inference_mode)$/), {
      en: 'no graph outside of training (`no_grad`, `inference_mode`)',
      zh: '训练之外不记录计算图（`no_grad`、`inference_mode`）',
    }),
    ...first(named(/\.DistributedDataParallel$|FullyShardedDataParallel$|\.fully_shard$/), {
      en: 'several GPUs',
      zh: '多块 GPU',
    }),
    ...first(
      model.nodes('Keyword').filter(({ arg, value }) => arg === 'fused' && model.constant(value) === true),
      { en: 'a fused optimizer', zh: '融合（fused）的优化器' },
    ),
  ].sort((a, b) => a.at.start - b.at.start)
}

function accumulated(at: ast.Node, every: string): Used {
  return {
    at,
    text: { en: `gradient accumulation over \`${every}\` batches`, zh: `梯度累积，每 \`${every}\` 个批次更新一次` },
  }
}

export interface OptimizerCost {
  readonly name: string
  readonly className: string
  /** In bytes for each parameter, weights and gradients in `float32` included; undefined if arguments hide it. */
  readonly bytes: number | undefined
}

export function optimizerCosts(model: Model): readonly OptimizerCost[] {
  return optimizerCreations(model).map(creation => {
    const { call, className } = creation
    const state = stateOf(model, creation)
    return { name: nameOf(model, call) ?? className, className, bytes: state === undefined ? undefined : 8 + state }
  })
}

/** Tensors of the size of each parameter that the class keeps, of 4 bytes per element. */
const tensors: Readonly<Record<string, number>> = {
  ASGD: 1,
  Adadelta: 2,
  Adafactor: 0,
  Adagrad: 1,
  Adam: 2,
  AdamW: 2,
  Adamax: 2,
  Muon: 1,
  NAdam: 2,
  RAdam: 2,
  RMSprop: 1,
  Rprop: 2,
  SGD: 0,
  SparseAdam: 2,
}

/** Options that add one, unless they are off. */
const additional: readonly string[] = ['amsgrad', 'centered', 'momentum']

function stateOf(model: Model, { call, className, fact }: OptimizerCreation): number | undefined {
  const kept = tensors[className]
  if (kept === undefined) return undefined
  const options = additional.flatMap(name => {
    const parameter = fact.parameters.find(each => each.name === name)
    if (!parameter || className === 'Muon') return []
    const argument = model.argument(call, name, parameter.position)
    if (argument.kind === 'absent') return []
    const value = argument.kind === 'given' ? model.constant(argument.value) : undefined
    return [value === undefined ? undefined : value === false || value === 0 ? 0 : 1]
  })
  const added = options.reduce<number | undefined>(
    (sum, option) => (sum === undefined || option === undefined ? undefined : sum + option),
    0,
  )
  return added === undefined ? undefined : 4 * (kept + added)
}
