/** `--format text`: findings as a person wants to read them, each with its code, and a closing line. */
import type { Finding, Range } from '../analysis.ts'
import { cellName } from '../checking/notebook.ts'
import { inLanguage, type Language, titleIn } from '../language.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import type { CheckedFile, Output } from './check.ts'
import { fixedLine } from './fixedLine.ts'
import { type Code, codeFrame, gutterWidth, type Mark } from './frame.ts'
import { type Paint, painter, printable, type Style, type Terminal } from './terminal.ts'
import { levels, summary, type Totals, words } from './words.ts'

export function textOutput(terminal: Terminal, language: Language): Output {
  const paint = painter(terminal)
  const names = new Set<string>()
  const totals: Totals = { files: 0, fixed: 0, fixable: 0, error: 0, warning: 0, info: 0 }
  return {
    file(file) {
      const code = { text: file.text, starts: lineStarts(file.text) }
      for (const fixed of file.fixed) terminal.print(fixedLine(cellName(file.name, file.cell), fixed, language, paint))
      if (file.fixed.length > 0) terminal.print('\n')
      for (const finding of file.findings) {
        terminal.print(`${findingBlock(file, code, finding, language, paint)}\n\n`)
        totals[finding.severity]++
        if (finding.fix?.safe) totals.fixable++
      }
      totals.files = names.add(file.name).size
      totals.fixed += file.fixed.length
    },
    end(isComplete) {
      // What was named and could not be read has been said.
      if (totals.files === 0 && !isComplete) return
      const isClean = totals.error + totals.warning + totals.info === 0
      const lines = summary(totals, language)
      terminal.print(`${paint(isClean ? 'green' : 'bold', lines)}\n`)
    },
  }
}

function findingBlock(file: CheckedFile, code: Code, finding: Finding, language: Language, paint: Paint): string {
  const style = styles[finding.severity]
  const { own, others } = marksOf(finding, language)
  const indentation = ' '.repeat(gutterWidth(code, own))
  const [first = '', ...more] = inLanguage(finding.message, language).split('\n').map(printable)
  return [
    `${paint(style, `${inLanguage(levels[finding.severity], language, ' ')}[${finding.rule}]`)}${paint('bold', `: ${first}`)}`,
    ...more.map(line => `${indentation}   ${paint('bold', line)}`),
    `${indentation}${paint('blue', '-->')} ${cellName(file.name, file.cell)}:${place(code, finding)}`,
    codeFrame(code, own, paint),
    ...others.map(({ path, code, marks }) => frameElsewhere(path, code, marks, paint)),
    ...(finding.fix ? [`${indentation} ${paint('blue', '=')} ${fixLine(finding.fix, language, paint)}`] : []),
  ].join('\n')
}

/** The places that a finding relates to in another file. */
function frameElsewhere(path: string, code: Code, marks: readonly Mark[], paint: Paint): string {
  const [first] = marks
  const heading = `${' '.repeat(gutterWidth(code, marks))}${paint('blue', ':::')} ${path}`
  return [first ? `${heading}:${place(code, first)}` : heading, codeFrame(code, marks, paint)].join('\n')
}

interface Marks {
  readonly own: readonly Mark[]
  readonly others: readonly { readonly path: string; readonly code: Code; readonly marks: readonly Mark[] }[]
}

/** The finding itself first. A related place that is the same gives it its number instead of a second underline. */
function marksOf(finding: Finding, language: Language): Marks {
  const related = finding.related.map(({ file, start, end, message }, index) => {
    const label = `${index + 1}: ${titleIn(message, language)}`
    return { file, mark: { start, end, sign: '-', style: 'blue', label } satisfies Mark }
  })
  const own = related.filter(({ file }) => !file).map(({ mark }) => mark)
  const isSame = ({ start, end }: Range) => start === finding.start && end === finding.end
  const label = own.find(isSame)?.label ?? ''
  const { start, end, severity } = finding
  const paths = new Set(related.flatMap(({ file }) => file?.path ?? []))
  return {
    own: [{ start, end, sign: '^', style: styles[severity], label }, ...own.filter(mark => !isSame(mark))],
    others: [...paths].map(path => {
      const places = related.filter(({ file }) => file?.path === path)
      const text = places[0]?.file?.text ?? ''
      return { path, code: { text, starts: lineStarts(text) }, marks: places.map(({ mark }) => mark) }
    }),
  }
}

function fixLine(fix: NonNullable<Finding['fix']>, language: Language, paint: Paint): string {
  const label = titleIn(fix.safe ? words.safeFix : words.fix, language)
  return `${paint('green', label)}: ${printable(titleIn(fix.title, language))}`
}

/** Line and column from 1, as editors and terminals understand them behind a file name. */
function place({ starts }: Code, { start }: Range): string {
  const line = lineAt(starts, start)
  return `${line + 1}:${start - (starts[line] ?? 0) + 1}`
}

const styles: Readonly<Record<Finding['severity'], Style>> = {
  error: ['bold', 'red'],
  warning: ['bold', 'yellow'],
  info: ['bold', 'cyan'],
}
