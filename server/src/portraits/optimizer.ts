import type { Message } from '../rules/rule.ts'
import { type ParameterGroup, parameterGroups } from '../torch/groups.ts'
import { nameOf } from '../torch/names.ts'
import type { OptimizerCreation } from '../torch/optimizers.ts'
import type { Setting } from './portrait.ts'

export function portrayOptimizer({ model, line }: Setting, creation: OptimizerCreation): Message {
  const { call, className } = creation
  const name = nameOf(model, call) ?? className
  const at = line(call)
  const groups = parameterGroups(model, creation)
  return {
    en: [`**\`${name}\`** · \`${className}\`, line ${at}`, table(groups, ['parameters', 'lr', 'weight_decay'])].join(
      '\n\n',
    ),
    zh: [`**\`${name}\`** · \`${className}\`，第 ${at} 行`, table(groups, ['参数', 'lr', 'weight_decay'])].join('\n\n'),
  }
}

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
