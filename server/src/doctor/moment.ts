/** Where in the training a traceback ends, and what that moment says. */
import type { Message } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import { type EventKind, eventOf } from '../torch/events.ts'
import { trainingLoops } from '../torch/loops.ts'
import type { Frame, OutOfMemory } from './outOfMemory.ts'
import type { MemoryQuestion } from './report.ts'

export interface Moment {
  /** Counted from 1. */
  readonly line: number
  /** The line as it stands in the script. */
  readonly text: string
  readonly meaning: Message | undefined
}

/** The innermost line of the script in the traceback. */
export function momentOf(model: Model, { frames }: OutOfMemory, question: MemoryQuestion): Moment | undefined {
  const line = frames.map(frame => lineOf(frame, question)).findLast(each => each !== undefined)
  const text = line === undefined ? undefined : model.text.split(/\r\n|\r|\n/)[line - 1]?.trim()
  return line !== undefined && text ? { line, text, meaning: meaningOf(model, line) } : undefined
}

/** The line of the script that a frame is about. */
function lineOf({ file, line }: Frame, question: MemoryQuestion): number | undefined {
  if (typeof file === 'string') return file.split(/[\\/]/).at(-1) === question.file ? line : undefined
  const start = question.cellStart?.(file.execution)
  return start === undefined ? undefined : start + line - 1
}

function meaningOf(model: Model, line: number): Message | undefined {
  const starts = lineStarts(model.text)
  const isAt = ({ start, end }: { readonly start: number; readonly end: number }) =>
    lineAt(starts, start) + 1 <= line && line <= lineAt(starts, Math.max(start, end - 1)) + 1
  const loop = trainingLoops(model).findLast(({ node, level }) => level === 'batch' && isAt(node))
  const kinds = model.nodes('Call').flatMap(call => (isAt(call) ? (eventOf(model, call)?.kind ?? []) : []))
  if (loop?.mode === 'evaluation') return evaluation
  for (const kind of ['step', 'backward', 'forward', 'loss'] as const) if (kinds.includes(kind)) return meanings[kind]
  return undefined
}

const evaluation: Message = {
  en: 'This is the evaluation. It needs little if it records no graph: look for `torch.no_grad()`, for results that are collected on the GPU, and for tensors of the training that are still referred to',
  zh: '这里是评估。不记录计算图时它只需要很少的显存：请检查是否用了 `torch.no_grad()`、结果是否攒在 GPU 上，以及训练时的张量是否仍被引用',
}

const activations: Message = {
  en: 'At this point the activations of the whole batch are alive: mixed precision, a smaller batch and checkpointing cut them',
  zh: '此时整个批次的激活值都在显存里：混合精度、更小的批次和激活检查点都能减少它',
}

const meanings: Readonly<Partial<Record<EventKind, Message>>> = {
  forward: activations,
  loss: activations,
  backward: activations,
  step: {
    en: "In the first `step()` the optimizer's state is made, and each one needs temporary copies: the optimizer is what to change, and `zero_grad()` and activations do not matter here",
    zh: '第一次 `step()` 会创建优化器状态，每次更新还需要临时副本：该改的是优化器，此时与激活值无关',
  },
}
