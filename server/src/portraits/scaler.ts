import { drawProtocol, type ProtocolStep } from '../drawing/protocol.ts'
import { dataUri } from '../drawing/svg.ts'
import type { Finding } from '../lint.ts'
import type { Message } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { type AmpEvent, ampEvents } from '../torch/amp/events.ts'
import { nameOf, textOf } from '../torch/names.ts'
import type { Setting } from './setting.ts'

/** The steps of an iteration as this script takes them. */
export function portrayScaler(setting: Setting, scaler: ast.Expression): Message {
  const { model, findings, images, line } = setting
  const steps = names.map(name => ({
    name,
    lines: linesOf(model, scaler, name, line),
    problem: findings.map(problemOf).find(each => each?.step === name)?.problem,
  }))
  const title = (scaler.kind === 'Call' && nameOf(model, scaler)) || textOf(model, scaler)
  const render = (language: keyof Message): string => {
    const drawn = steps.map(step => ({ name: step.name, note: noteOf(step, language), state: stateOf(step) }))
    const heading = { en: `**\`${title}\`** in this script`, zh: `这个脚本里的 **\`${title}\`**` }[language]
    const name = { en: 'The steps of an iteration with GradScaler', zh: '使用 GradScaler 的一次迭代' }[language]
    return [heading, images ? `![${name}](${dataUri(drawProtocol(name, drawn))})` : written(drawn)].join('\n\n')
  }
  return { en: render('en'), zh: render('zh') }
}

const names = ['scale', 'backward', 'unscale_', 'clip', 'step', 'update'] as const
type Name = (typeof names)[number]

type Problem = 'missing' | 'misplaced' | 'repeated' | 'bypassed'

interface Step {
  readonly name: Name
  readonly lines: readonly number[]
  readonly problem: Problem | undefined
}

const kinds: Readonly<Record<Name, AmpEvent['kind']>> = {
  scale: 'scale',
  backward: 'backward',
  unscale_: 'unscale',
  clip: 'clip',
  step: 'step',
  update: 'update',
}

/** Where the script takes a step with this scaler, or without one if none is named. */
function linesOf(
  model: Model,
  scaler: ast.Expression,
  name: Name,
  line: (node: ast.Node) => number,
): readonly number[] {
  const place = model.place(scaler)
  const isOther = (event: AmpEvent) => {
    const other = 'scaler' in event ? model.place(event.scaler) : undefined
    return other !== undefined && place !== undefined && other.kind === 'creation' && other !== place
  }
  const calls = [...ampEvents(model)].filter(([, event]) => event.kind === kinds[name] && !isOther(event))
  return [...new Set(calls.map(([call]) => line(call)))].sort((a, b) => a - b)
}

/** Which step a finding is about, and what is wrong with it. */
function problemOf({ rule }: Finding): { readonly step: Name; readonly problem: Problem } | undefined {
  return Object.hasOwn(problems, rule) ? problems[rule] : undefined
}

const problems: Readonly<Record<string, { readonly step: Name; readonly problem: Problem }>> = {
  'amp/missing-update': { step: 'update', problem: 'missing' },
  'amp/update-without-step': { step: 'update', problem: 'misplaced' },
  'amp/update-between-steps': { step: 'update', problem: 'misplaced' },
  'amp/repeated-step': { step: 'step', problem: 'repeated' },
  'amp/repeated-unscale': { step: 'unscale_', problem: 'repeated' },
  'amp/unscale-after-update': { step: 'unscale_', problem: 'misplaced' },
  'amp/unscale-after-step': { step: 'unscale_', problem: 'misplaced' },
  'amp/clip-before-unscale': { step: 'unscale_', problem: 'missing' },
  'amp/unscaled-other-optimizer': { step: 'unscale_', problem: 'misplaced' },
  'amp/optimizer-step-bypasses-scaler': { step: 'step', problem: 'bypassed' },
  'amp/unscaled-backward': { step: 'scale', problem: 'missing' },
}

const words: Readonly<Record<Problem, Message>> = {
  missing: { en: 'missing', zh: '缺少' },
  misplaced: { en: 'misplaced', zh: '位置不对' },
  repeated: { en: 'repeated', zh: '重复' },
  bypassed: { en: 'bypassed', zh: '被绕过' },
}

function noteOf({ lines, problem }: Step, language: keyof Message): string {
  if (problem) return words[problem][language]
  const [first, second, third] = lines
  if (first === undefined) return { en: 'not used', zh: '未使用' }[language]
  const shown = [first, ...(second === undefined ? [] : [third === undefined ? second : '…'])].join(', ')
  return { en: `line ${shown}`, zh: `第 ${shown} 行` }[language]
}

function stateOf({ lines, problem }: Step): ProtocolStep['state'] {
  return problem ? 'wrong' : lines.length > 0 ? 'taken' : 'unused'
}

/** For clients that show no pictures: a step that is wrong stands out by its note. */
function written(steps: readonly ProtocolStep[]): string {
  return steps
    .map(({ name, note, state }) => (state === 'wrong' ? `**${name} (${note})**` : `${name} (${note})`))
    .join(' → ')
}
