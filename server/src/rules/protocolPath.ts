/** The path of a protocol violation as related information: what ran, in order. */
import type { Step, StepKind } from '../torch/amp/cells.ts'
import type { Violation } from '../torch/amp/survey.ts'
import { history } from '../torch/cells.ts'
import type { Range } from './rule.ts'

/** To be spread into the messages of a rule that shows its path. */
export const pathMessages = {
  scaled: { en: 'the loss is scaled', zh: '此处放大损失' },
  propagated: { en: 'the gradients are computed', zh: '此处计算梯度' },
  unscaled: { en: 'the gradients are unscaled', zh: '此处对梯度做反缩放' },
  clipped: { en: 'the gradients are clipped', zh: '此处裁剪梯度' },
  stepped: { en: 'the scaler steps the optimizer', zh: '此处由 scaler 更新参数' },
  steppedDirectly: { en: 'the optimizer steps directly', zh: '此处优化器直接更新参数' },
  updated: { en: 'the scaler is updated', zh: '此处更新缩放因子' },
} as const

export interface PathStep {
  readonly at: Range
  readonly message: keyof typeof pathMessages
}

/** The steps since the scaler's last update, each place once, without the place of the finding itself. */
export function pathOf({ call, witness }: Violation): readonly PathStep[] {
  const steps = history(witness)
  const from = steps.findLastIndex(step => step.kind === 'update' && step.call !== call)
  const shown = new Map<Step['call'], PathStep>()
  for (const step of steps.slice(from + 1)) {
    const message = messageOf[step.kind]
    if (message && step.call !== call && !shown.has(step.call)) shown.set(step.call, { at: step.call, message })
  }
  return [...shown.values()]
}

const messageOf: Readonly<Record<StepKind, keyof typeof pathMessages | undefined>> = {
  scale: 'scaled',
  backward: 'propagated',
  unscale: 'unscaled',
  clip: 'clipped',
  step: 'stepped',
  'optimizer-step': 'steppedDirectly',
  update: 'updated',
  'zero-grad': undefined,
}
