import { drawCurve, sparkline, spell } from '../drawing/curve.ts'
import { dataUri } from '../drawing/svg.ts'
import type { Message } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import { nameOf } from '../torch/names.ts'
import { plannedCurve } from '../torch/plannedCurve.ts'
import type { Curve } from '../torch/schedule.ts'
import { type SchedulerCreation, schedulerArgument } from '../torch/schedulers.ts'
import type { Stepping } from '../torch/stepping.ts'
import type { Setting } from './setting.ts'
import { shapes } from './shapes.ts'

export function portrayScheduler(setting: Setting, creation: SchedulerCreation): Message {
  const { model, line } = setting
  const { stepping, planned, curve } = plannedCurve(model, creation)
  const name = nameOf(model, creation.call) ?? creation.className
  const at = line(creation.call)
  const rhythm = rhythmOf(stepping, planned)
  const [en, zh] = [
    [`**\`${name}\`** · \`${creation.className}\`, line ${at}${rhythm.en}`],
    [`**\`${name}\`** · \`${creation.className}\`，第 ${at} 行${rhythm.zh}`],
  ]
  const unit = units[stepping?.level ?? 'unknown']
  for (const [language, paragraphs] of [
    ['en', en],
    ['zh', zh],
  ] as const) {
    paragraphs.push(...shown(setting, creation, curve, unit, language))
    if (curve) paragraphs.push(...remarks(curve, language))
  }
  return { en: en.join('\n\n'), zh: zh.join('\n\n') }
}

interface Unit {
  readonly axis: Message
  /** In front of the number of a position. */
  readonly at: Message
}

const units: Readonly<Record<'epoch' | 'batch' | 'unknown', Unit>> = {
  epoch: { axis: { en: 'epoch', zh: '轮次（epoch）' }, at: { en: 'epoch', zh: '轮次' } },
  batch: { axis: { en: 'step (batch)', zh: '步（每个批次一步）' }, at: { en: 'step', zh: '步' } },
  unknown: { axis: { en: 'calls of step()', zh: 'step() 的调用次数' }, at: { en: 'step', zh: '步' } },
}

function rhythmOf(stepping: Stepping | undefined, planned: number | undefined): Message {
  if (!stepping?.level) return { en: '', zh: '' }
  const [en, zh] = stepping.level === 'epoch' ? ['once per epoch', '每个轮次一步'] : ['once per batch', '每个批次一步']
  if (planned === undefined) return { en: `, steps ${en}`, zh: `，${zh}` }
  return { en: `, steps ${en}, ${planned} times in all`, zh: `，${zh}，共 ${planned} 步` }
}

/** The picture, or the characters that stand for it, and the rates at a few positions. */
function shown(
  { model, images }: Setting,
  creation: SchedulerCreation,
  curve: Curve | undefined,
  unit: Unit,
  language: keyof Message,
): readonly string[] {
  const say = (en: string, zh: string) => ({ en, zh })[language]
  if (!curve) {
    const shape = shapes[creation.className]
    const why = say(
      'Its learning rates depend on numbers that the text does not show',
      '学习率取决于代码里看不到的数值',
    )
    if (!shape) return [why]
    const title = say(`The shape of ${creation.className}`, `${creation.className} 的形状`)
    return [why + say('; its shape:', '；形状如下：'), picture(shape, { symbolic: true, title })]
  }
  if (curve.lrs.length === 0) return []
  const title = say(`Learning rates of ${creation.className}`, `${creation.className} 的学习率`)
  return [picture(curve.lrs, { symbolic: false, title, curve }), listed(curve.lrs, unit.at[language])]

  function picture(
    values: readonly number[],
    { symbolic, title, curve }: { readonly symbolic: boolean; readonly title: string; readonly curve?: Curve },
  ): string {
    if (!images) return `\`${sparkline(values)}\``
    const momentums = curve?.momentums
    const drawn = drawCurve({
      title,
      values,
      xLabel: unit.axis[language],
      yLabel: say('learning rate', '学习率'),
      marks: symbolic ? [] : marksOf(model, creation),
      second: momentums && { values: momentums, label: say('momentum', '动量') },
      symbolic,
    })
    return `![${title}](${dataUri(drawn)})`
  }
}

function marksOf(model: Model, creation: SchedulerCreation): readonly number[] {
  const argument = schedulerArgument(model, creation, 'milestones')
  const milestones = argument && argument !== 'unknown' ? model.constant(argument) : undefined
  return Array.isArray(milestones) ? milestones.filter(each => typeof each === 'number') : []
}

/** Where the rate changes, if that is seldom; else a few positions from the first to the last. */
function listed(lrs: readonly number[], unit: string): string {
  const changes = lrs.flatMap((lr, index) => (index === 0 || lr !== lrs[index - 1] ? [index] : []))
  const last = lrs.length - 1
  const spread = [0, 0.25, 0.5, 0.75, 1].map(part => Math.round(part * last))
  const positions = changes.length <= 6 ? changes : [...new Set(spread)]
  return positions.map(position => `${unit} ${position}: \`${spell(lrs[position] ?? Number.NaN)}\``).join(' · ')
}

function remarks({ assumptions, error }: Curve, language: keyof Message): readonly string[] {
  const say = (en: string, zh: string) => ({ en, zh })[language]
  const given = assumptions.map(({ expression, value }) => `\`${expression}\` = \`${value}\``).join(say(', ', '、'))
  const raised = error && `\`${error.type}: ${error.text}\``
  return [
    ...(given ? [say(`With the defaults ${given}`, `按默认值 ${given} 计算`)] : []),
    ...(raised && error.call === 0 ? [say(`PyTorch raises ${raised}`, `PyTorch 会抛出 ${raised}`)] : []),
    ...(raised && error.call > 0
      ? [
          say(
            `Call ${error.call} of \`step()\` raises ${raised}`,
            `第 ${error.call} 次调用 \`step()\` 时会抛出 ${raised}`,
          ),
        ]
      : []),
  ]
}
