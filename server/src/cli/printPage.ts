import type { Message } from '../analysis.ts'
import { inLanguage, type Language } from '../language.ts'
import { painter, type Terminal } from './terminal.ts'

/** A page of Markdown, which reads well as it is: only its headings stand out. */
export function printPage(page: Message, language: Language, terminal: Terminal): void {
  const paint = painter(terminal)
  let isCode = false
  for (const line of inLanguage(page, language).trimEnd().split('\n')) {
    if (line.startsWith('```')) isCode = !isCode
    terminal.print(`${!isCode && line.startsWith('#') ? paint('bold', line) : line}\n`)
  }
}
