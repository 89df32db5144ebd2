/**
 * The Python of a cell: what IPython alone understands (`%matplotlib inline`, `!pip install`, `x = !ls`, `model?`) gives way
 * to a name that nothing defines. Every character that stays keeps its place.
 */
import { tokens } from '../syntax/tokens.ts'

export interface CellPython {
  /** As long as the cell. */
  readonly text: string
  /** Where Python begins: behind the line of a cell magic, which must stay the first. */
  readonly start: number
}

/** Undefined: the cell is of another language (`%%bash`), or the text of a file (`%%writefile`). */
export function pythonOf(cell: string): CellPython | undefined {
  let start = 0
  for (let magic = cellMagicAt(cell, 0); magic; magic = cellMagicAt(cell, start)) {
    if (!runsPython.has(magic.name)) return undefined
    start = magic.end
  }
  const head = cell.slice(0, start).replace(/%%.*/g, hidden)
  return { text: head + hideCommands(cell, start), start }
}

/** A letter of the languages of southern Africa, which looks like an exclamation mark. No script has such a name. */
const unknown = 'ǃ'

const hidden = (code: string): string => unknown + blank(code.slice(unknown.length))
const blank = (code: string): string => code.replace(/[^\r\n]/g, ' ')

function cellMagicAt(cell: string, offset: number): { readonly name: string; readonly end: number } | undefined {
  const [line, name] = matchAt(cellMagic, cell, offset) ?? []
  return line === undefined || name === undefined ? undefined : { name, end: offset + line.length }
}

const cellMagic = /\s*^%%(\w+).*(?:\r?\n|$)/my

/** The cell magics whose cell runs in the notebook like any other. */
const runsPython: ReadonlySet<string> = new Set([
  'capture',
  'debug',
  'heat',
  'memit',
  'memray_flamegraph',
  'notify',
  'prun',
  'pyinstrument',
  'scalene',
  'snakeviz',
  'time',
  'timeit',
  'wandb',
])

function hideCommands(cell: string, start: number): string {
  const scanner = new RegExp(tokens)
  let python = ''
  let position = start
  while (position < cell.length) {
    const replacement = replacementAt(cell, position) ?? ''
    const rest = position + replacement.length
    const end = endOfStatement(scanner, cell, rest)
    python += replacement + cell.slice(rest, end)
    position = end
  }
  return python
}

/** Behind the line break that ends a statement, which brackets and strings may keep from ending one. */
function endOfStatement(scanner: RegExp, cell: string, start: number): number {
  let brackets = 0
  scanner.lastIndex = start
  for (let match = scanner.exec(cell); match; match = scanner.exec(cell)) {
    const { 0: token, index } = match
    if (token === '') break
    if ('([{'.includes(token)) brackets++
    else if (')]}'.includes(token)) brackets = Math.max(0, brackets - 1)
    else if (token === '\n' && brackets === 0) return index + 1
  }
  return cell.length
}

/** What stands for the line of a statement that is none to Python. */
function replacementAt(cell: string, offset: number): string | undefined {
  const [timed, beforeMagic = '', magic = ''] = matchAt(timedStatement, cell, offset) ?? []
  if (timed !== undefined) return `${beforeMagic}${unknown};${' '.repeat(magic.length - 2)}`
  const [line, before = '', code = ''] =
    matchAt(command, cell, offset) ?? matchAt(bareCommand, cell, offset) ?? matchAt(help, cell, offset) ?? []
  return line === undefined ? undefined : before + hidden(code)
}

/** `%time loss = train()`: the statement runs, and what it defines stays. */
const timedStatement = /([ \t]*)(%(?:time|timeit|prun|memit)(?:[ \t]+-\w+(?:[ \t]*\d+)?)*[ \t]+)(?=[^\s-])/y
/** `!ls`, `%cd ..`, `?model`, `files = !ls`. A backslash continues the line. */
const command = /([ \t]*(?:[\p{L}_][\w., \t[\]]*=[ \t]*(?=[!%]))?)([!%?](?:\\[\s\S]|[^\\\n])*)/uy
/** `cd ..`, `pip install torch`: magics that need no sign, unless the word is followed by an operator. */
const bareCommand =
  /([ \t]*)((?:cat|cd|conda|cp|ls|man|mkdir|more|mv|pip|rm|rmdir)[ \t]+(?!(?:and|else|for|if|in|is|not|or)\b)[^\s=()<>,:+*/%^&|@!;#.[-][^\n]*|(?:cd|ls)[ \t]+[.-][^\n]*)/y
/** `model?`, `torch.optim.*Adam*?` */
const help = /([ \t]*)([\p{L}_*][\w.*[\]]*\?\??[ \t]*)(?=\r?\n|$)/uy

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset
  return pattern.exec(text)
}
