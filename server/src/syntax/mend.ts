import { isClosing, isOpening, tokens } from './tokens.ts'

/**
 * Hides statements that cannot be complete, as they are while somebody types: left as they are, they drag down what
 * follows, up to the end of the file. Each becomes a number that only Python 2 knows, which is an error and nothing
 * else: `x = f(a, ` becomes `00000000L`. A header keeps its block: `for x in` becomes `if 0000L:`; but what stands in a
 * function or class without a head would be out of place elsewhere, and becomes blank. Nothing changes its place.
 */
export function mend(text: string): string {
  let mended = ''
  let end = 0
  for (const torn of tornStatements(text)) {
    const [first = '', ...others] = text.slice(torn.start, torn.end).split('\n')
    mended += text.slice(end, torn.start) + [hide(first), ...others.map(line => ' '.repeat(line.length))].join('\n')
    end = torn.end
  }
  return mended + text.slice(end)
}

function hide(line: string): string {
  const isHeader = matchAt(header, line, 0) && !matchAt(definition, line, 0)
  const [keyword = ''] = isHeader ? (/^(?:elif|except)/.exec(line) ?? ['if']) : []
  const zeros = line.length - (keyword && `${keyword} L:`).length
  if (keyword && zeros > 0) return `${keyword} ${'0'.repeat(zeros)}L:`
  return line.length > 1 ? `${'0'.repeat(line.length - 1)}L` : '?'
}

interface Range {
  readonly start: number
  readonly end: number
}

/** Statements in which a quote or bracket has no other half, a header has no colon, or `from` no `import`. */
function* tornStatements(text: string): Generator<Range> {
  let start = skipBlank(text, 0)
  let firstDecorator: number | undefined
  let torn: number | undefined
  let brackets = 0
  let hasColon = false
  let isWhole = true
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (isOpening(token)) brackets++
    else if (isClosing(token)) {
      if (brackets === 0) isWhole = false
      else brackets--
    } else if (token === '"' || token === "'") isWhole = false
    else if (token === ':') hasColon ||= brackets === 0
    else if ((token === '\n' && index >= start) || index === text.length) {
      const next = skipBlank(text, index)
      if (brackets > 0 && next < text.length && !beginsStatement(text, start, next)) continue
      const lacksColon = !hasColon && matchAt(header, text, start)
      if (!isWhole || brackets > 0 || lacksColon || matchAt(fromWithoutImport, text, start))
        torn ??= firstDecorator ?? start
      const isInside = torn !== undefined && next < text.length && columnOf(text, next) > columnOf(text, torn)
      if (torn !== undefined && !(isInside && (torn < start || matchAt(definition, text, start)))) {
        yield { start: torn, end: index }
        torn = undefined
        firstDecorator = undefined
      } else {
        firstDecorator = text[start] === '@' ? (firstDecorator ?? start) : undefined
      }
      start = next
      brackets = 0
      hasColon = false
      isWhole = true
    }
  }
}

const header = /(?:async[ \t]+)?(?:class|def|elif|else|except|finally|for|if|try|while|with)\b/y
const definition = /(?:async[ \t]+)?(?:class|def)\b/y
const fromWithoutImport = /from\b(?!.*\bimport\b.*\S)/y

/** Where the first statement behind `offset` begins, or the end of the text. */
function skipBlank(text: string, offset: number): number {
  matchAt(blank, text, offset)
  return blank.lastIndex
}

const blank = /(?:\s|#.*)*/y

/** Whether the line at `next` can only be a new statement, though a bracket is open in the one at `start`. */
function beginsStatement(text: string, start: number, next: number): boolean {
  if (matchAt(statement, text, next)) return true
  return columnOf(text, next) <= columnOf(text, start) && matchAt(likelyStatement, text, next)
}

const statement =
  /(?:assert|async|break|class|continue|def|del|elif|except|finally|from|global|import|nonlocal|pass|raise|return|try|while|with)\b|@|(?:for|if)\b.*:\s*$/my
const likelyStatement = /[a-zA-Z_][\w.]*(?:[([]| [-+*/]?= )/y

function matchAt(pattern: RegExp, text: string, offset: number): boolean {
  pattern.lastIndex = offset
  return pattern.test(text)
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1)
}
