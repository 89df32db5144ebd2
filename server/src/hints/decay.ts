/** How many parameters decay, where an optimizer is given them, group by group. */
import { condensed } from '../parameterNames.ts'
import type { Message } from '../rules/rule.ts'
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { decayLists } from '../torch/decayLists.ts'
import { settledDefault } from '../torch/defaults.ts'
import { groupDisplays, groupEntry } from '../torch/groups.ts'
import { type OptimizerCreation, optimizerCreations } from '../torch/optimizers.ts'
import type { Hint } from './hint.ts'

export function decayHints(model: Model): readonly Hint[] {
  if (changesDecay(model)) return []
  const hints = optimizerCreations(model).flatMap(creation => hintsAt(model, creation))
  // Groups that two optimizers are made of would have two hints.
  return hints.filter(({ at }) => hints.filter(other => other.at === at).length === 1)
}

/** `group['weight_decay'] = …`, after the optimizer was made. */
function changesDecay(model: Model): boolean {
  return nodesRun(model, 'Assign').some(({ targets }) =>
    targets.some(target => target.kind === 'Subscript' && model.constant(target.slice) === 'weight_decay'),
  )
}

function hintsAt(model: Model, creation: OptimizerCreation): readonly Hint[] {
  const { call, fact, parameters } = creation
  const parameter = fact.parameters.find(({ name }) => name === 'weight_decay')
  const argument = parameter && model.argument(call, 'weight_decay', parameter.position)
  if (!parameters || !argument || argument.kind === 'unknown') return []
  const given = argument.kind === 'given' ? argument.value : undefined
  const common = given ? settingOf(model, given) : { value: Number(parameter.default), isDefault: false }
  const decay = decayLists(model, creation)
  const displays = groupDisplays(model, parameters)
  if (displays.length === 0) {
    if (mayHoldGroups(model, parameters)) return []
    const [whole, ...others] = decay?.groups ?? []
    const held = others.length === 0 ? whole : undefined
    return hintOf(model, given ?? parameters, common, given !== undefined, held?.names, decay?.split?.notDecayed)
  }
  // Where the optimizer may be given one of several lists, there are more displays than groups.
  const isOneToOne = decay?.groups.length === displays.length
  return displays.flatMap((display, index) => {
    const own = groupEntry(model, display, 'weight_decay')
    const at = own ?? groupEntry(model, display, 'params')
    const names = isOneToOne ? decay?.groups[index]?.names : undefined
    // A dict that takes entries from elsewhere may take its decay from there.
    if (!at || display.keys.includes(undefined)) return []
    return hintOf(model, at, own ? settingOf(model, own) : common, own !== undefined, names)
  })
}

interface Setting {
  readonly value: number | undefined
  /** Of a command-line option or parameter. */
  readonly isDefault: boolean
}

function settingOf(model: Model, expression: ast.Expression): Setting {
  const value = settledDefault(model, expression)
  const isDefault = model.constant(expression) === undefined
  return { value: typeof value === 'number' ? value : undefined, isDefault }
}

/** What is made elsewhere may be a list of groups, each with a decay of its own. */
function mayHoldGroups(model: Model, parameters: ast.Expression): boolean {
  return model.values(parameters).some(value => {
    if (value.kind === 'result') return !/\.(?:parameters|named_parameters)$|^builtins\.(?:filter|list)$/.test(value.of)
    if (value.kind === 'expression') return model.nodes('Dict', value.node).length > 0
    return !isParameters(parameters)
  })
}

function isParameters(node: ast.Expression): boolean {
  return node.kind === 'Call' && node.func.kind === 'Attribute' && node.func.attr === 'parameters'
}

function hintOf(
  model: Model,
  place: ast.Expression,
  { value, isDefault }: Setting,
  isWritten: boolean,
  names: readonly string[] | undefined,
  vectors: readonly string[] = [],
): readonly Hint[] {
  if (value === undefined || model.moduleOf(place) !== model.module) return []
  const isCounted = names !== undefined && !names.some(name => name.includes('*'))
  const count = isCounted ? names.length : undefined
  const render = (language: keyof Message): string => {
    const word = words[language]
    const written = value > 0 && value < 1e-3 ? value.toExponential() : String(value)
    const number = isDefault ? word.byDefault(written) : isWritten || value === 0 ? '' : `weight_decay=${written}`
    const matters = value > 0 && vectors.length > 0
    const held = count !== undefined ? word.held(count, value > 0) : isWritten || value > 0 ? '' : word.none
    return [number, held && matters ? `${held}${word.vectors(vectors.length)}` : held].filter(Boolean).join(word.colon)
  }
  // Where the decay is written there, and nothing else is known, the code says it all.
  if (render('en') === '') return []
  return [
    { at: place.end, text: { en: render('en'), zh: render('zh') }, tooltip: tooltipOf(names, vectors, value > 0) },
  ]
}

const words = {
  en: {
    held: (count: number, decays: boolean) => `${tensors(count)} ${decays ? 'decayed' : 'not decayed'}`,
    none: 'not decayed',
    vectors: (count: number) => `, ${count} of them with ndim < 2`,
    byDefault: (value: string) => `${value} by default`,
    colon: ': ',
  },
  zh: {
    held: (count: number, decays: boolean) => `${count} 个张量${decays ? '做' : '不做'}权重衰减`,
    none: '不做权重衰减',
    vectors: (count: number) => `，其中 ${count} 个 ndim < 2`,
    byDefault: (value: string) => `默认 ${value}`,
    colon: '：',
  },
} as const

const tensors = (count: number): string => (count === 1 ? '1 tensor' : `${count} tensors`)

/** The names, and of those that decay the ones that usually should not. */
function tooltipOf(names: readonly string[] | undefined, vectors: readonly string[], decays: boolean): Message {
  const list = (those: readonly string[]) =>
    condensed(those)
      .map(name => `\`${name}\``)
      .join(' ')
  if (!names || names.length === 0) return decays ? general.decays : general.none
  if (vectors.length === 0) return { en: list(names), zh: list(names) }
  return {
    en: `${list(names)}\n\nndim < 2, usually not decayed: ${list(vectors)}`,
    zh: `${list(names)}\n\nndim < 2，通常不做权重衰减：${list(vectors)}`,
  }
}

const general = {
  decays: {
    en: 'Each step pulls these parameters towards zero, in proportion to their size.',
    zh: '每一步都会把这些参数按各自大小的一定比例拉向零。',
  },
  none: { en: 'No weight decay acts on these parameters.', zh: '这些参数不做权重衰减。' },
} as const satisfies Readonly<Record<string, Message>>
