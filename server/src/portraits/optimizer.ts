import { condensed } from '../parameterNames.ts'
import type { Message } from '../rules/rule.ts'
import { type Decay, decayLists } from '../torch/decayLists.ts'
import { type ParameterGroup, parameterGroups } from '../torch/groups.ts'
import { nameOf } from '../torch/names.ts'
import type { OptimizerCreation } from '../torch/optimizers.ts'
import type { Setting } from './setting.ts'

export function portrayOptimizer({ model, line }: Setting, creation: OptimizerCreation): Message {
  const { call, className } = creation
  const name = nameOf(model, call) ?? className
  const at = line(call)
  const groups = parameterGroups(model, creation)
  const decay = decayLists(model, creation)
  const lists = (language: keyof Message) => (decay && decay.decayed.length > 0 ? [portrayDecay(decay, language)] : [])
  return {
    en: [
      `**\`${name}\`** · \`${className}\`, line ${at}`,
      table(groups, ['parameters', 'lr', 'weight_decay']),
      ...lists('en'),
    ].join('\n\n'),
    zh: [
      `**\`${name}\`** · \`${className}\`，第 ${at} 行`,
      table(groups, ['参数', 'lr', 'weight_decay']),
      ...lists('zh'),
    ].join('\n\n'),
  }
}

/** Where all parameters decay alike, what two groups would do is worth more than the list of all. */
function portrayDecay(decay: Decay, language: keyof Message): string {
  const { decayed, notDecayed } = decay.split ?? decay
  const title = decay.split ? afterSplit : inForce
  const row = (text: Message, names: readonly string[]) =>
    names.length === 0 ? [] : [`- ${text[language]}${condensed(names).map(code).join(' ')}`]
  return [...row(title.decayed, decayed), ...row(title.notDecayed, notDecayed)].join('\n')
}

const inForce = {
  decayed: { en: 'decayed: ', zh: '做权重衰减：' },
  notDecayed: { en: 'not decayed: ', zh: '不做权重衰减：' },
} as const satisfies Readonly<Record<string, Message>>

const afterSplit = {
  decayed: {
    en: 'all decay; with `ndim >= 2` decay would be left to: ',
    zh: '目前全部衰减；只对 `ndim >= 2` 的参数衰减时，仍会衰减：',
  },
  notDecayed: { en: 'and taken from: ', zh: '不再衰减：' },
} as const satisfies Readonly<Record<string, Message>>

function table(groups: readonly ParameterGroup[], heads: readonly string[]): string {
  const rows = groups.map(({ parameters, lr, weightDecay }) => [code(parameters), code(lr), code(weightDecay)])
  return [heads, heads.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

function code(value: string | number | null): string {
  if (value === null || value === '') return '–'
  const text = String(value).replace(/\s+/g, ' ').replaceAll('|', '\\|')
  return `\`${text.length > longest ? `${text.slice(0, longest - 1)}…` : text}\``
}

/** Of an expression in a table, in characters. */
const longest = 48
