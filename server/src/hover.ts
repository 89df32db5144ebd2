/** What a hover says: about the findings at an offset, and about the PyTorch name or argument there. */
import type { Page } from './generated/pages.ts'
import type { Finding } from './lint.ts'
import type { Message, Range } from './rules/rule.ts'
import { firstInherited } from './semantic/knowledge.ts'
import type { Model } from './semantic/model.ts'
import type * as ast from './syntax/ast.ts'
import { knowledge } from './torch/knowledge.ts'

export interface Hover extends Range {
  readonly markdown: Message
}

export function hoverAt(
  model: Model,
  findings: readonly Finding[],
  pages: ReadonlyMap<string, Page>,
  offset: number,
): Hover | undefined {
  const explained = findings
    .filter(finding => contains(finding, offset))
    .flatMap(finding => explanation(finding, pages))
  const symbol = symbols(model, offset).flatMap(({ range, names }) => documentation(range, names, pages))[0]
  const parts = [...unique(explained), ...(symbol ? [symbol] : [])]
  const narrowest = parts.reduce<Hover | undefined>(
    (a, b) => (a && a.end - a.start <= b.end - b.start ? a : b),
    undefined,
  )
  if (!narrowest) return undefined
  const join = (language: keyof Message) => parts.map(({ markdown }) => markdown[language]).join('\n\n---\n\n')
  return { start: narrowest.start, end: narrowest.end, markdown: { en: join('en'), zh: join('zh') } }
}

/** The message itself stands in the editor already: the hover says what is behind it, and why that is a mistake. */
function explanation(finding: Finding, pages: ReadonlyMap<string, Page>): readonly Hover[] {
  const page = pages.get(finding.rule)
  if (!page) return []
  const render = (language: keyof Message) => {
    const heading = `**${page.title[language]}** · \`${finding.rule}\``
    return [heading, page.summary[language], firstSection(page.markdown[language])].join('\n\n')
  }
  return [{ start: finding.start, end: finding.end, markdown: { en: render('en'), zh: render('zh') } }]
}

/** The text of the section that every page of a rule begins with, "Why". */
function firstSection(markdown: string): string {
  return markdown.split(/^## .*$/m)[1]?.trim() ?? ''
}

function documentation(range: Range, names: readonly string[], pages: ReadonlyMap<string, Page>): readonly Hover[] {
  return names.flatMap(name => {
    const page = pageOf(knowledge.canonical?.(name) ?? name, pages)
    return page ? [{ start: range.start, end: range.end, markdown: page.markdown }] : []
  })
}

/** `torch.optim.AdamW.weight_decay` is explained by the page of `torch.optim.Optimizer.weight_decay`. */
function pageOf(name: string, pages: ReadonlyMap<string, Page>): Page | undefined {
  const bases = (className: string) => knowledge.bases?.(className)
  return (
    firstInherited(name, bases, inherited => pages.get(inherited)) ??
    bases(name)
      ?.map(base => pages.get(base))
      .find(page => page !== undefined)
  )
}

interface Symbol {
  readonly range: Range
  /** Qualified names it may have, the likeliest first. */
  readonly names: readonly string[]
}

/** What stands at an offset: a name, an attribute, the keyword of an argument, the key of a parameter group. */
function symbols(model: Model, offset: number): readonly Symbol[] {
  const at = <Node extends ast.Node>(nodes: readonly Node[], range: (node: Node) => Range = node => node) =>
    nodes.filter(node => contains(range(node), offset)).map(node => ({ node, range: range(node) }))
  return [
    ...at(model.nodes('Keyword'), keywordRange).map(({ node, range }) => ({
      range,
      names: argumentNames(model, node),
    })),
    ...at(model.nodes('Attribute'), attributeRange).map(({ node, range }) => ({ range, names: namesOf(model, node) })),
    ...at(model.nodes('Name')).map(({ node, range }) => ({ range, names: namesOf(model, node) })),
    ...at(model.nodes('Alias')).map(({ node, range }) => ({ range, names: importedNames(node) })),
    ...at(model.nodes('Constant')).map(({ node, range }) => ({ range, names: groupKeyNames(model, node) })),
  ]
}

function keywordRange({ start, arg }: ast.Keyword): Range {
  return { start, end: start + (arg?.length ?? 0) }
}

function attributeRange({ attrStart, attr }: ast.Attribute): Range {
  return { start: attrStart, end: attrStart + attr.length }
}

function namesOf(model: Model, expression: ast.Name | ast.Attribute): readonly string[] {
  const name = model.qualifiedName(expression)
  if (name !== undefined) return [name]
  if (expression.kind === 'Name') return []
  return classesOf(model, expression.value).map(className => `${className}.${expression.attr}`)
}

/** The imported classes that a value may be an instance of. */
function classesOf(model: Model, expression: ast.Expression): readonly string[] {
  return model
    .values(expression)
    .flatMap(value => (value.kind === 'instance' && typeof value.of === 'string' ? [value.of] : []))
}

function argumentNames(model: Model, { arg, parent }: ast.Keyword): readonly string[] {
  if (arg === undefined || parent?.kind !== 'Call') return []
  const callee = model.callee(parent)
  return callee.kind === 'symbol' ? [`${callee.name}.${arg}`] : []
}

function importedNames({ name, parent }: ast.Alias): readonly string[] {
  return [parent?.kind === 'ImportFrom' ? `${parent.module}.${name}` : name]
}

/** `"weight_decay"` in `AdamW([{"params": …, "weight_decay": 0.1}])` is an argument too. */
function groupKeyNames(model: Model, key: ast.Constant): readonly string[] {
  const group = key.parent
  if (typeof key.value !== 'string' || group?.kind !== 'Dict' || !group.keys.includes(key)) return []
  for (let node: ast.Node | undefined = group; node; node = node.parent)
    if (node.kind === 'Call') {
      const callee = model.callee(node)
      return callee.kind === 'symbol' ? [`${callee.name}.${key.value}`] : []
    }
  return []
}

function unique(hovers: readonly Hover[]): readonly Hover[] {
  return hovers.filter(({ markdown }, index) => hovers.findIndex(other => other.markdown.en === markdown.en) === index)
}

/** The end belongs to it: a cursor behind the last character still means the word. */
function contains(range: Range, offset: number): boolean {
  return range.start <= offset && offset <= range.end && range.start < range.end
}
