/**
 * The comments by which a file asks not to see findings: `# torchlint: ignore`, `# torchlint: ignore[amp/*, loop/missing-step]`
 * (for their line, or for the statement that begins on it) and `# torchlint: ignore-file[…]` (a line of its own at the top
 * level, for the whole file).
 */
import { matchesAny } from './config.ts'
import type { Edit, Range } from './rules/rule.ts'
import type { Model } from './semantic/model.ts'
import { endOfLine, lineAt, lineStarts, skipLineBreak, startOfLine } from './syntax/lines.ts'

export interface Suppressions {
  /** Does a comment of the file ask not to report this rule at this place? Then it has been of use. */
  isSuppressed(rule: string, at: Range, statement: Range | undefined): boolean
  /** The comments, or patterns in them, that have been of no use so far. */
  unused(): readonly Unused[]
}

export interface Unused extends Range {
  /** Undefined: everything, in a comment without a list. */
  readonly pattern: string | undefined
  /** Removes it. */
  readonly edit: Edit
}

interface Comment extends Range {
  readonly line: number
  readonly isOfFile: boolean
  /** Undefined: it names no rules and means all of them. */
  readonly list: List | undefined
}

interface List extends Range {
  readonly patterns: readonly string[]
}

export function suppressions(model: Model): Suppressions {
  const comments = commentsOf(model)
  if (comments.length === 0) return { isSuppressed: () => false, unused: () => [] }
  const starts = lineStarts(model.text)
  const used = new Map<Comment, Set<string>>(comments.map(comment => [comment, new Set()]))

  /** Every comment that fits has its part. */
  const use = (rule: string, fits: (comment: Comment) => boolean): boolean => {
    let isUsed = false
    for (const [comment, patterns] of used) {
      if (!fits(comment)) continue
      for (const pattern of comment.list?.patterns ?? ['*']) {
        if (!matchesAny(rule, [pattern])) continue
        patterns.add(pattern)
        isUsed = true
      }
    }
    return isUsed
  }
  return {
    isSuppressed(rule, at, statement) {
      const lines = [at, ...(statement ? [statement] : [])].map(({ start }) => lineAt(starts, start))
      return use(rule, ({ isOfFile, line }) => isOfFile || lines.includes(line))
    },
    unused: () => [...used].flatMap(([comment, patterns]) => unusedIn(model.text, comment, patterns)),
  }
}

/** A comment of which nothing is of use goes; else only the patterns that are not. */
function unusedIn(text: string, comment: Comment, used: ReadonlySet<string>): readonly Unused[] {
  const { start, end, list } = comment
  if (!list || list.patterns.length === 0)
    return used.size > 0 ? [] : [{ start, end, pattern: undefined, edit: removal(text, comment) }]
  const unused = list.patterns.filter(pattern => !used.has(pattern))
  return unused.map(pattern => {
    const rest = list.patterns.filter(other => other !== pattern).join(', ')
    const edit = rest === '' ? removal(text, comment) : { start: list.start, end: list.end, text: rest }
    return { start, end, pattern, edit }
  })
}

/** What explains it goes along; a comment on a line of its own takes the line with it. */
function removal(text: string, { start, end }: Range): Edit {
  const lineEnd = endOfLine(text, end)
  const another = text.slice(end, lineEnd).search(/#/)
  if (another >= 0) return { start, end: end + another, text: '' }
  const lineStart = startOfLine(text, start)
  const before = text.slice(lineStart, start)
  if (before.trim() === '') return { start: lineStart, end: skipLineBreak(text, lineEnd), text: '' }
  return { start: lineStart + before.trimEnd().length, end: lineEnd, text: '' }
}

/** The comment that suppresses a rule, at a place or in the whole file; undefined where there is no room for one. */
export function suppressingEdit(
  model: Model,
  rule: string,
  place: { readonly at: Range; readonly statement: Range | undefined } | 'file',
): Edit | undefined {
  const comments = commentsOf(model)
  if (place === 'file') {
    const list = comments.find(comment => comment.isOfFile && comment.list)?.list
    return list ? withPattern(list, rule) : atTop(model.text, `# torchlint: ignore-file[${rule}]`)
  }
  const starts = lineStarts(model.text)
  for (const { start } of [place.at, ...(place.statement ? [place.statement] : [])]) {
    const list = comments.find(({ isOfFile, line }) => !isOfFile && line === lineAt(starts, start))?.list
    if (list) return withPattern(list, rule)
    const end = endOfLine(model.text, start)
    if (hasRoom(model, end)) return { start: end, end, text: `  # torchlint: ignore[${rule}]` }
  }
  return undefined
}

function withPattern({ patterns, start, end }: List, rule: string): Edit {
  return { start, end, text: [...patterns, rule].join(', ') }
}

/** No comment can follow a backslash, or stand in a string. */
function hasRoom(model: Model, endOfLine: number): boolean {
  const isInText = model.nodes('Constant').some(({ start, end }) => start < endOfLine && endOfLine < end)
  const isInPieces = model.nodes('JoinedStr').some(({ start, end }) => start < endOfLine && endOfLine < end)
  return model.text[endOfLine - 1] !== '\\' && !isInText && !isInPieces
}

/** Behind what must come first: `#!/usr/bin/env python` and the comment that names the encoding. */
function atTop(text: string, comment: string): Edit {
  let start = text.startsWith('\ufeff') ? 1 : 0
  for (let line = 0; line < 2; line++)
    if (/^#(?:!|.*coding[:=])/.test(text.slice(start, endOfLine(text, start))))
      start = skipLineBreak(text, endOfLine(text, start))
  const lineBreak = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n'
  return { start, end: start, text: comment + lineBreak }
}

function commentsOf(model: Model): readonly Comment[] {
  if (!/torchlint/i.test(model.text)) return []
  const starts = lineStarts(model.text)
  return model.module.comments.flatMap((comment): readonly Comment[] => {
    const match = notation.exec(model.text.slice(comment.start, comment.end))
    if (!match) return []
    const [whole, ofFile, listed] = match
    const line = lineAt(starts, comment.start)
    const start = comment.start + match.index
    const isOfFile = ofFile !== undefined
    if (isOfFile && starts[line] !== comment.start) return []
    const list = listed === undefined ? undefined : listOf(listed, start + whole.length - 1)
    return [{ start, end: start + whole.length, line, isOfFile, list }]
  })
}

function listOf(listed: string, end: number): List {
  const patterns = listed.split(',').map(pattern => pattern.trim())
  return { patterns: patterns.filter(pattern => pattern !== ''), start: end - listed.length, end }
}

const notation = /#\s*torchlint\s*:\s*ignore(-file)?(?![\w-])\s*(?:\[([^\]]*)\])?/i
