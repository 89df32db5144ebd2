/** `torchlint explain`: the page of a rule or of a PyTorch name. */
import { explain, ruleDescriptions } from '../analysis.ts'
import { inLanguage, type Language } from '../language.ts'
import { nearest } from './nearest.ts'
import { type Problem, problem } from './problem.ts'
import { painter, type Terminal } from './terminal.ts'

export function explainPage(name: string, language: Language, terminal: Terminal): Problem | undefined {
  const page = explain(name)
  if (!page) return unknownPage(name)
  const paint = painter(terminal)
  const lines = inLanguage(page, language).trimEnd().split('\n')
  let isCode = false
  for (const line of lines) {
    if (line.startsWith('```')) isCode = !isCode
    terminal.print(`${!isCode && line.startsWith('#') ? paint('bold', line) : line}\n`)
  }
  return undefined
}

function unknownPage(name: string): Problem {
  const meant = nearest(
    name,
    ruleDescriptions().map(({ id }) => id),
  )
  return problem(
    `there is no page about ${name}${meant ? `: did you mean ${meant}?` : ''}`,
    `没有关于 ${name} 的页面${meant ? `：您是否想查看 ${meant}？` : ''}`,
  )
}
