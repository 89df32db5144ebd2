/** The events around a mistake in the life of gradients, as related information. */
import type { GradientStep } from '../torch/gradients/survey.ts'
import type { Range } from './rule.ts'

/** To be spread into the messages of a rule that shows them. */
export const gradientMessages = {
  propagated: { en: 'the gradients are computed', zh: '此处计算梯度' },
  stepped: { en: 'the optimizer steps', zh: '此处优化器更新参数' },
  cleared: { en: 'the gradients are cleared', zh: '此处梯度清零' },
  clipped: { en: 'the gradients are clipped', zh: '此处裁剪梯度' },
} as const

export interface GradientPlace {
  readonly at: Range
  readonly message: keyof typeof gradientMessages
}

export const placesOf = (steps: readonly GradientStep[]): readonly GradientPlace[] =>
  steps.map(({ call, kind }) => ({ at: call, message: messageOf[kind] }))

const messageOf: Readonly<Record<GradientStep['kind'], keyof typeof gradientMessages>> = {
  backward: 'propagated',
  step: 'stepped',
  'zero-grad': 'cleared',
  clip: 'clipped',
}
