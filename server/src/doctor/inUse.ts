/** What the script does about memory already, and what its optimizers keep for each parameter. */
import type { Message } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { accumulations } from '../torch/accumulation.ts'
import { ampArgument } from '../torch/ampArguments.ts'
import { autocastAt, autocasts } from '../torch/autocast.ts'
import { nameOf, textOf } from '../torch/names.ts'
import { type OptimizerCreation, optimizerCreations } from '../torch/optimizers.ts'
import { trainingStep } from '../torch/trainingStep.ts'

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
    ...mixedPrecision(model),
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

/** That of the training; an evaluation may have its own. */
function mixedPrecision(model: Model): readonly Used[] {
  const [forward] = trainingStep(model)?.calls('forward') ?? []
  const entered = forward && autocastAt(model, forward)
  const others = forward && !entered ? autocasts(model).filter(({ call }) => isBeside(call, forward)) : []
  const [used] = entered && entered !== 'unknown' ? [entered] : others
  if (!used || used.enabled === 'no') return []
  const condition = used.enabled === 'unknown' ? enabling(model, used.call) : conditionOf(model, used.call)
  return [
    {
      at: used.call,
      text:
        condition === undefined
          ? { en: 'mixed precision', zh: '混合精度' }
          : { en: `mixed precision, if \`${condition}\``, zh: `混合精度（\`${condition}\` 为真时）` },
    },
  ]
}

/** In another branch of the same loop. */
function isBeside(call: ast.Call, forward: ast.Call): boolean {
  const loop = loopAround(forward)
  return loop !== undefined && loop === loopAround(call)
}

function loopAround(node: ast.Node): ast.Node | undefined {
  let around = node.parent
  while (around && around.kind !== 'For' && around.kind !== 'While') around = around.parent
  return around
}

function enabling(model: Model, call: ast.Call): string | undefined {
  const argument = ampArgument(model, call, 'enabled')
  return argument && argument !== 'unknown' ? textOf(model, argument) : undefined
}

/** The test of the branch that a node stands in; undefined where it always runs. */
function conditionOf(model: Model, node: ast.Node): string | undefined {
  for (
    let [child, around] = [node, node.parent];
    around && around.kind !== 'FunctionDef';
    [child, around] = [around, around.parent]
  ) {
    if (around.kind !== 'If') continue
    const { test } = around
    const isElse = around.orelse.some(statement => statement === child)
    const negated = test.kind === 'UnaryOp' && test.op === 'not' ? test.operand : undefined
    if (!isElse) return textOf(model, test)
    return negated ? textOf(model, negated) : `not (${textOf(model, test)})`
  }
  return undefined
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
