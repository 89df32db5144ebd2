/** What the pages say about a PyTorch name: its own page, that of the class it is inherited from, or an item of a list. */
import type { Page } from './generated/pages.ts'
import type { Message } from './rules/rule.ts'
import { firstInherited } from './semantic/knowledge.ts'
import { knowledge } from './torch/knowledge.ts'

export type Pages = ReadonlyMap<string, Page>

/**
 * Of a rule id, a qualified name or an argument, `torch.optim.SGD.momentum`. An argument has an item on the page of what
 * takes it, and if many classes share it a page of its own; then both are shown.
 */
export function documentation(name: string, pages: Pages): Message | undefined {
  const page = memberDocumentation(name, pages)
  const known = knownName(name)
  const item = pages.has(known) ? undefined : firstInherited(known, bases, inherited => argumentItem(inherited, pages))
  if (!item || !page) return item ?? page
  return { en: `${item.en}\n\n${page.en}`, zh: `${item.zh}\n\n${page.zh}` }
}

/** Of a name that is no argument: `nn.Parameter(t).data` is not the `data` that `nn.Parameter` takes. */
export function memberDocumentation(name: string, pages: Pages): Message | undefined {
  return firstInherited(knownName(name), bases, inherited => pages.get(inherited))?.markdown
}

function knownName(name: string): string {
  const canonical = knowledge.canonical?.(name) ?? name
  return sameAs.get(canonical) ?? canonical
}

/** Second names that are the same object or do the same, so that one page serves both. */
const sameAs: ReadonlyMap<string, string> = new Map([
  ['torch.float', 'torch.float32'],
  ['torch.half', 'torch.float16'],
  ['torch.softmax', 'torch.nn.functional.softmax'],
  ['torch.log_softmax', 'torch.nn.functional.log_softmax'],
  ['torch.OutOfMemoryError', 'torch.cuda.OutOfMemoryError'],
])

/** The full names that a short one may stand for: `AdamW`, `optim.AdamW`, `SGD.step`, `missing-update`. */
export function meanings(name: string, pages: Pages): readonly string[] {
  if (documentation(name, pages)) return [name]
  const ending = [...pages.keys()].filter(page => page.endsWith(`.${name}`) || page.endsWith(`/${name}`))
  if (ending.length > 0) return shortest(ending)
  const { owner, member } = split(name)
  if (owner === '') return []
  return meanings(owner, pages)
    .map(meant => `${meant}.${member}`)
    .filter(meant => documentation(meant, pages) !== undefined)
}

/** `torch.autocast` rather than `torch.cuda.amp.autocast`. */
function shortest(names: readonly string[]): readonly string[] {
  const depth = (name: string) => name.split('.').length
  const least = Math.min(...names.map(depth))
  return names.filter(name => depth(name) === least)
}

function argumentItem(name: string, pages: Pages): Message | undefined {
  const { owner, member } = split(name)
  const page = pages.get(sameAs.get(owner) ?? owner)
  const text = page && Object.hasOwn(page.arguments, member) ? page.arguments[member] : undefined
  return text && { en: `**${title(owner)}**\n\n- ${text.en}`, zh: `**${title(owner)}**\n\n- ${text.zh}` }
}

function title(owner: string): string {
  return `\`${owner}\``
}

function split(name: string): { readonly owner: string; readonly member: string } {
  const dot = name.lastIndexOf('.')
  return { owner: name.slice(0, Math.max(dot, 0)), member: name.slice(dot + 1) }
}

function bases(className: string): readonly string[] | undefined {
  return knowledge.bases?.(className)
}
