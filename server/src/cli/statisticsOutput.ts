/** `--statistics`: how many findings there are of each rule, the most frequent first. */
import { ruleDescriptions, type Severity } from '../analysis.ts'
import { inLanguage, type Language, titleIn } from '../language.ts'
import type { Output } from './check.ts'
import { painter, type Terminal } from './terminal.ts'
import { levels, safeFixes, statisticsTotal } from './words.ts'

interface Row {
  readonly rule: string
  readonly level: Exclude<Severity, 'off'>
  count: number
  /** How many of them have a safe fix. */
  fixable: number
}

export function statisticsOutput(terminal: Terminal, language: Language, format: 'text' | 'json'): Output {
  const rows = new Map<string, Row>()
  return {
    file({ findings }) {
      for (const { rule, severity, fix } of findings) {
        const key = `${rule} ${severity}`
        const row = rows.get(key) ?? { rule, level: severity, count: 0, fixable: 0 }
        row.count++
        if (fix?.safe) row.fixable++
        rows.set(key, row)
      }
    },
    end() {
      const sorted = [...rows.values()].sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1))
      terminal.print(format === 'json' ? `${JSON.stringify(sorted, null, 2)}\n` : table(sorted, language, terminal))
    },
  }
}

function table(rows: readonly Row[], language: Language, terminal: Terminal): string {
  const paint = painter(terminal)
  const titles = new Map(ruleDescriptions().map(({ id, title }) => [id, title]))
  const width = String(rows[0]?.count ?? 0).length
  const lines = rows.map(({ rule, level, count, fixable }) => {
    const title = titles.get(rule)
    const name = `${inLanguage(levels[level], language, ' ')}[${rule}]`
    const fixes = fixable > 0 ? titleIn(safeFixes(fixable), language) : ''
    return `${String(count).padStart(width)}  ${paint('bold', name)} ${title ? titleIn(title, language) : ''}${fixes}\n`
  })
  const total = rows.reduce((sum, { count }) => sum + count, 0)
  return `${lines.join('')}${inLanguage(statisticsTotal(total), language)}\n`
}
