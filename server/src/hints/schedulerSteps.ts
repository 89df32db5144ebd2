/** How often a scheduler steps, at the call that steps it. */
import type { Message } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import { type Rhythm, rhythmOf } from '../torch/rhythm.ts'
import { steppings } from '../torch/stepping.ts'
import type { Hint } from './hint.ts'

export function stepHints(model: Model): readonly Hint[] {
  return steppings(model).flatMap(stepping => {
    const rhythm = rhythmOf(model, stepping)
    return rhythm ? [{ at: stepping.step.call.end, text: wordsFor(rhythm), tooltip: tooltipOf(rhythm) }] : []
  })
}

function wordsFor({ unit, every, perEpoch, total, isExact }: Rhythm): Message {
  const { en, zh } = units[unit]
  const [most, mostOf] = isExact ? ['', ''] : ['at most ', '最多']
  const counts = {
    en: [
      ...(perEpoch === undefined ? [] : [`${most}${perEpoch} per epoch`]),
      ...(total === undefined ? [] : [`${most}${total} in all`]),
    ],
    zh: [
      ...(perEpoch === undefined ? [] : [`每轮${mostOf} ${perEpoch} 步`]),
      ...(total === undefined ? [] : [`${mostOf}共 ${total} 步`]),
    ],
  }
  const often = {
    en: every === undefined ? `once per ${en}` : `once every ${every} ${en === 'batch' ? 'batches' : `${en}s`}`,
    zh: every === undefined ? `每个${zh}一步` : `每 ${every} 个${zh}一步`,
  }
  return {
    en: counts.en.length > 0 ? `${often.en}: ${counts.en.join(', ')}` : often.en,
    zh: counts.zh.length > 0 ? `${often.zh}：${counts.zh.join('，')}` : often.zh,
  }
}

const units: Readonly<Record<Rhythm['unit'], Message>> = {
  epoch: { en: 'epoch', zh: '轮次' },
  batch: { en: 'batch', zh: '批次' },
  iteration: { en: 'iteration', zh: '迭代' },
}

function tooltipOf({ unit }: Rhythm): Message {
  return unit === 'epoch' ? epochs : batches
}

const epochs: Message = {
  en: "The scheduler's numbers (`T_max`, `step_size`, `milestones`, …) count epochs here.",
  zh: '这里调度器的参数（`T_max`、`step_size`、`milestones` 等）以轮次（epoch）计。',
}

const batches: Message = {
  en: "The scheduler's numbers (`T_max`, `step_size`, `milestones`, …) count steps of this loop here, not epochs.",
  zh: '这里调度器的参数（`T_max`、`step_size`、`milestones` 等）以这个循环的步数计，而不是轮次（epoch）。',
}
