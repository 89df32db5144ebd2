/**
 * What a hover says: about the findings at an offset, about the script's own object there, and about the PyTorch name or
 * argument.
 */
import { documentation, memberDocumentation } from './documentation.ts'
import type { Page } from './generated/pages.ts'
import type { Finding } from './lint.ts'
import { portraitAt } from './portraits/portrait.ts'
import { repairedLines } from './repair.ts'
import type { Message, Range } from './rules/rule.ts'
import type { Model } from './semantic/model.ts'
import { contains, type NameAt, symbolsAt } from './symbols.ts'

export interface Hover extends Range {
  readonly markdown: Message
}

export function hoverAt(
  model: Model,
  findings: readonly Finding[],
  pages: ReadonlyMap<string, Page>,
  offset: number,
  images: boolean,
): Hover | undefined {
  const explained = findings
    .filter(finding => contains(finding, offset))
    .flatMap(finding => explanation(finding, pages, model.text))
  const symbol = symbolsAt(model, offset).flatMap(symbol => named(symbol, pages))[0]
  const portrait = portraitAt(model, findings, offset, images)
  const parts = [...unique(explained), ...[portrait, symbol].filter(part => part !== undefined)]
  const narrowest = parts.reduce<Hover | undefined>(
    (a, b) => (a && a.end - a.start <= b.end - b.start ? a : b),
    undefined,
  )
  if (!narrowest) return undefined
  const join = (language: keyof Message) => parts.map(({ markdown }) => markdown[language]).join('\n\n---\n\n')
  return { start: narrowest.start, end: narrowest.end, markdown: { en: join('en'), zh: join('zh') } }
}

/** The message itself stands in the editor already: the hover says why that is a mistake, and what the fix would write. */
function explanation(finding: Finding, pages: ReadonlyMap<string, Page>, text: string): readonly Hover[] {
  const page = pages.get(finding.rule)
  if (!page) return []
  const render = (language: keyof Message) => {
    const heading = `**${page.title[language]}** · \`${finding.rule}\``
    return [
      heading,
      page.summary[language],
      firstSection(page.markdown[language]),
      ...repair(finding, text, language),
    ].join('\n\n')
  }
  return [{ start: finding.start, end: finding.end, markdown: { en: render('en'), zh: render('zh') } }]
}

function repair({ fix }: Finding, text: string, language: keyof Message): readonly string[] {
  const lines = fix && repairedLines(text, fix.edits)
  return fix && lines ? [`**${fix.title[language]}**\n\n\`\`\`python\n${lines}\n\`\`\``] : []
}

/** The text of the section that every page of a rule begins with, "Why". */
function firstSection(markdown: string): string {
  return markdown.split(/^## .*$/m)[1]?.trim() ?? ''
}

function named({ range, names, isArgument }: NameAt, pages: ReadonlyMap<string, Page>): readonly Hover[] {
  return names.flatMap(name => {
    const markdown = isArgument ? documentation(name, pages) : memberDocumentation(name, pages)
    return markdown ? [{ start: range.start, end: range.end, markdown }] : []
  })
}

function unique(hovers: readonly Hover[]): readonly Hover[] {
  return hovers.filter(({ markdown }, index) => hovers.findIndex(other => other.markdown.en === markdown.en) === index)
}
