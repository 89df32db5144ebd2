/**
 * One language of a page. A page is a Markdown file in two languages: headings are `English / 中文`, every English
 * paragraph, list or table is followed by its Chinese as a quote, and code stands once for both.
 *
 *     # Gradients clipped while scaled / 裁剪了仍被放大的梯度
 *
 *     The threshold meets gradients that are 65536 times too large.
 *
 *     > 阈值遇到的梯度还放大着 65536 倍。
 *
 * A page that breaks this form does not parse: the error names the file and the line. Pages are read when the product
 * is built; at run time only the extracted texts exist.
 */
import { fromMarkdown } from 'mdast-util-from-markdown'
import type { Message } from './rules/rule.ts'

export interface Page {
  readonly title: Message
  /** The first paragraph: what a hover says about a finding. */
  readonly summary: Message
  /** The whole page, title included. */
  readonly markdown: Message
  /** What a list says about an argument, by its name: `lr` of the item "- `lr=0.001`: the size of a step". */
  readonly arguments: Readonly<Record<string, Message>>
  readonly code: readonly CodeBlock[]
}

export interface CodeBlock {
  readonly language: string
  /** The second word of the info string: `bad` or `good` of ```` ```python bad ````. */
  readonly role: string | undefined
  /** Ends with a line break. */
  readonly text: string
  /** The line of the first line of code, from 1. */
  readonly line: number
}

/** Throws where the page breaks its form, with `file` and line. */
export function parsePage(text: string, file: string): Page {
  const blocks = [...readBlocks(text, file)]
  const [title, summary] = blocks
  if (title?.kind !== 'heading' || title.depth !== 1) throw malformed(file, 1, 'a page begins with its title')
  if (summary?.kind !== 'prose') throw malformed(file, 2, 'the title is followed by a paragraph, the summary')
  return {
    title: title.text,
    summary: summary.text,
    markdown: { en: render(blocks, 'en'), zh: render(blocks, 'zh') },
    arguments: Object.fromEntries(
      blocks.flatMap(block => (block.kind === 'prose' ? documentedArguments(block.text) : [])),
    ),
    code: blocks.flatMap(block => (block.kind === 'code' ? [block.code] : [])),
  }
}

type Block =
  | { readonly kind: 'heading'; readonly depth: number; readonly text: Message }
  | { readonly kind: 'prose'; readonly text: Message }
  | { readonly kind: 'code'; readonly code: CodeBlock }

function* readBlocks(text: string, file: string): Generator<Block> {
  const nodes = fromMarkdown(text).children
  let untranslated: { readonly text: string; readonly line: number } | undefined
  for (const node of nodes) {
    const line = node.position?.start.line ?? 0
    const source = text.slice(node.position?.start.offset, node.position?.end.offset)
    if (node.type === 'blockquote') {
      if (untranslated === undefined) throw malformed(file, line, 'this Chinese quote follows no English paragraph')
      yield { kind: 'prose', text: { en: untranslated.text, zh: unquote(source) } }
      untranslated = undefined
      continue
    }
    if (untranslated !== undefined) {
      throw malformed(file, untranslated.line, 'this paragraph is not followed by its Chinese as a quote')
    }
    if (node.type === 'heading') {
      yield { kind: 'heading', depth: node.depth, text: headingText(source.replace(/^#+\s*/, ''), file, line) }
    } else if (node.type === 'code') {
      const role = node.meta ?? undefined
      yield { kind: 'code', code: { language: node.lang ?? '', role, text: `${node.value}\n`, line: line + 1 } }
    } else if (node.type === 'paragraph' || node.type === 'list') {
      untranslated = { text: source, line }
    } else {
      throw malformed(file, line, `a page holds headings, paragraphs, lists, quotes and code, not ${node.type}`)
    }
  }
  if (untranslated !== undefined) {
    throw malformed(file, untranslated.line, 'this paragraph is not followed by its Chinese as a quote')
  }
}

/** A heading that is nothing but code, an API name, is the same in both languages. */
function headingText(text: string, file: string, line: number): Message {
  if (/^`[^`]+`$/.test(text)) return { en: text, zh: text }
  const [en, zh, ...rest] = text.split(' / ')
  if (en === undefined || zh === undefined || rest.length > 0) {
    throw malformed(file, line, 'a heading is `English / 中文`')
  }
  return { en, zh }
}

function unquote(source: string): string {
  return source
    .split('\n')
    .map(line => line.replace(/^\s*> ?/, ''))
    .join('\n')
}

/** The items of a list that begin with arguments, an item of several under each of their names. */
function documentedArguments({ en, zh }: Message): readonly (readonly [string, Message])[] {
  const chinese = listItems(zh)
  return listItems(en).flatMap((item, index) => {
    const [, codes = ''] = /^((?:`[^`]+`(?:, )?)+): /.exec(item) ?? []
    const names = [...codes.matchAll(/`(\w+)(?:=[^`]*)?`/g)].map(([, name = '']) => name)
    return names.map(name => [name, { en: item, zh: chinese[index] ?? item }] as const)
  })
}

function listItems(text: string): readonly string[] {
  const [, ...items] = text.split(/^- /m)
  return text.startsWith('- ') ? items.map(item => item.trim()) : []
}

/** Claims in `truth` blocks are for the machine that checks them. */
function render(blocks: readonly Block[], language: keyof Message): string {
  const parts = blocks.flatMap(block => {
    if (block.kind === 'heading') return [`${'#'.repeat(block.depth)} ${block.text[language]}`]
    if (block.kind === 'prose') return [block.text[language]]
    if (block.code.language === 'truth') return []
    return [`\`\`\`${block.code.language}\n${block.code.text}\`\`\``]
  })
  return `${parts.join('\n\n')}\n`
}

function malformed(file: string, line: number, problem: string): Error {
  return new Error(`${file}:${line}: ${problem}`)
}
