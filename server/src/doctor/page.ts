/** The memory report as a page of Markdown, in both languages. */
import type { Message } from '../rules/rule.ts'
import type { ChangedLines } from './difference.ts'
import { sizeText } from './explanation.ts'
import type { ErrorReport, MemoryFinding, MemoryReport, Proposal, Training } from './report.ts'
import { words } from './words.ts'

/** Where the page leads, as its reader can follow it; undefined where nothing can be followed. */
export interface MemoryLinks {
  readonly fix: (finding: MemoryFinding['finding']) => string | undefined
  readonly apply: (proposal: Proposal) => string | undefined
  readonly line: (line: number) => string | undefined
  readonly page: (name: string) => string | undefined
  /** Where a line stands if the script is a notebook. Cells and their lines count from 1. */
  readonly cell?: (line: number) => { readonly cell: number; readonly line: number } | undefined
}

export function memoryPage(report: MemoryReport, links: MemoryLinks): Message {
  return { en: write(report, writing('en', links)), zh: write(report, writing('zh', links)) }
}

/** How the page is written: in which language, and what it calls a line. */
interface Writing {
  readonly key: keyof Message
  readonly links: MemoryLinks
  readonly place: (line: number) => string
  /** The place, linked. */
  readonly line: (line: number) => string
}

function writing(key: keyof Message, links: MemoryLinks): Writing {
  const place = (line: number) => placeName(line, links)[key]
  return { key, links, place, line: line => linked(place(line), links.line(line)) }
}

function placeName(line: number, { cell }: MemoryLinks): Message {
  const place = cell?.(line)
  return place
    ? { en: `cell ${place.cell}, line ${place.line}`, zh: `单元格 ${place.cell} 第 ${place.line} 行` }
    : { en: `line ${line}`, zh: `第 ${line} 行` }
}

function write(report: MemoryReport, written: Writing): string {
  const { key, links, line: lineLink } = written
  const { error, findings, suggestions, used, optimizers } = report
  const say = (message: Message) => message[key]
  const heading = (message: Message) => `## ${say(message)}`
  return [
    `# ${say(words.title)}`,
    `\`${report.file}\``,
    ...(error === 'unknown' ? [say(words.unknownError)] : error ? writeError(error, written) : []),
    heading(words.findings),
    ...(findings.length > 0
      ? [say(words.findingsIntroduction), ...findings.flatMap(each => writeFinding(each, written))]
      : [say(words.noFindings)]),
    ...writeTraining(report.training, say),
    ...writeOptions(report, written),
    ...(suggestions.length > 0
      ? [
          heading(words.suggestions),
          say(words.suggestionsIntroduction),
          ...suggestions.flatMap((each, index) => writeProposal(each, index + 1, written)),
        ]
      : []),
    ...(used.length > 0
      ? [
          heading(words.used),
          used.map(({ line, text }) => `- ${say(text)}${say(words.comma)}${lineLink(line)}`).join('\n'),
        ]
      : []),
    ...(optimizers.length > 0
      ? [
          heading(words.perParameter),
          say(words.perParameterIntroduction),
          table(
            [say(words.optimizer), say(words.bytes), say(words.million)],
            optimizers.map(({ name, className, bytes }) => [
              name === className ? `\`${name}\`` : `\`${name}\` · \`${className}\``,
              bytes === undefined ? '?' : String(bytes),
              bytes === undefined ? '?' : sizeText(bytes * 1e8),
            ]),
          ),
        ]
      : []),
    heading(words.moments),
    [say(words.momentsList), ...(report.file.endsWith('.ipynb') ? [say(words.rerun)] : [])].join('\n'),
    heading(words.unknowable),
    say(words.unknowableText),
    `\`\`\`python\n${measuring}\n\`\`\``,
    `${say(words.more)}${linked(say(words.concept), links.page('concepts/gpu-memory'))}`,
  ].join('\n\n')
}

const measuring = [
  'torch.cuda.reset_peak_memory_stats()',
  '...  # one training step, then one evaluation',
  'print(f"{torch.cuda.max_memory_allocated() / 2**30:.2f} GiB")',
].join('\n')

function writeError(error: ErrorReport, { key, line }: Writing): readonly string[] {
  const { sizes, diagnosis, moment } = error
  const say = (message: Message) => message[key]
  return [
    `## ${say(words.error)}`,
    ...(sizes.length > 0
      ? [
          table(
            [say(words.number), say(words.size), say(words.meaning)],
            sizes.map(({ name, bytes, meaning }) => [say(name), sizeText(bytes), say(meaning)]),
          ),
        ]
      : []),
    ...(diagnosis.length > 0 ? [diagnosis.map(each => `- ${say(each)}`).join('\n')] : []),
    ...(moment
      ? [
          `${say(words.raisedAt)}${line(moment.line)}${say(words.colon)}\`${moment.text}\``,
          ...(moment.meaning ? [say(moment.meaning)] : []),
        ]
      : []),
  ]
}

function writeTraining(training: Training, say: (message: Message) => string): readonly string[] {
  switch (training.kind) {
    case 'here':
      return []
    case 'elsewhere':
      return [say(words.trainingElsewhere(training.function, training.file))]
    case 'library': {
      const { library, code, note } = training.settings
      return [`## ${library}`, say(words.library(library)), `\`\`\`python\n${code}\n\`\`\``, say(note)]
    }
    default:
      return [say(training.kind === 'unclear' ? words.unclearTraining : words.noTraining)]
  }
}

function writeOptions({ options }: MemoryReport, { key, place, links }: Writing): readonly string[] {
  if (options.length === 0) return []
  const say = (message: Message) => message[key]
  const rows = options.map(({ name, value, line, effect }) => [
    linked(`\`${name}\``, links.line(line)),
    value === undefined ? '' : `\`${value}\``,
    say(effect),
    place(line),
  ])
  const heads = [words.option, words.value, words.saving, words.place].map(say)
  return [`## ${say(words.options)}`, say(words.optionsIntroduction), table(heads, rows)]
}

function writeFinding({ finding, line, text, difference }: MemoryFinding, written: Writing): readonly string[] {
  const { key, links } = written
  const { fix, rule, message } = finding
  const link = fix && links.fix(finding)
  const rulePage = linked(`\`${rule}\``, links.page(rule))
  return [
    `### ${capital(written.line(line))}${key === 'en' ? ': ' : '：'}${code(text)}`,
    `${message[key]} · ${rulePage}`,
    ...(fix && difference ? [diff(difference, written)] : []),
    ...(fix && link ? [`**[${words.apply[key]}${fix.title[key]}](${link})**`] : []),
  ]
}

function writeProposal(proposal: Proposal, number: number, written: Writing): readonly string[] {
  const { key, links } = written
  const { title, saves, costs, notes, code: recipe, difference } = proposal
  const link = difference === undefined ? undefined : links.apply(proposal)
  return [
    `### ${number}. ${title[key]}`,
    [
      `- **${words.saves[key]}** ${saves[key]}`,
      `- **${words.costs[key]}** ${costs[key]}`,
      ...notes.map(note => `- ${note[key]}`),
    ].join('\n'),
    ...(difference === undefined ? [] : [diff(difference, written)]),
    ...(recipe === undefined ? [] : [`\`\`\`python\n${recipe}\n\`\`\``]),
    ...(link ? [`**[${words.applyThis[key]}](${link})**`] : []),
  ]
}

/** Every place is headed by its line. */
function diff(changed: readonly ChangedLines[], { place }: Writing): string {
  const lines = changed.flatMap(({ line, lines }) => [`@@ ${place(line)} @@`, ...lines])
  return ['```diff', ...lines, '```'].join('\n')
}

function linked(text: string, link: string | undefined): string {
  return link === undefined ? text : `[${text}](${link})`
}

function capital(text: string): string {
  return text.replace(/^(?:\[)?[a-z]/, first => first.toUpperCase())
}

function code(text: string): string {
  return `\`${text.length > longest ? `${text.slice(0, longest - 1)}…` : text}\``
}

/** Of a finding in a heading, in characters. */
const longest = 60

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
