/** `torchlint explain`: the page of a rule or of a PyTorch name. */
import { explain, explainable } from '../analysis.ts'
import { inLanguage, type Language } from '../language.ts'
import { nearest } from './nearest.ts'
import { type Problem, problem } from './problem.ts'
import { painter, type Terminal } from './terminal.ts'

export function explainPage(name: string, language: Language, terminal: Terminal): Problem | undefined {
  const page = explain(fullName(name))
  if (!page) return unknownPage(name)
  const paint = painter(terminal)
  let isCode = false
  for (const line of inLanguage(page, language).trimEnd().split('\n')) {
    if (line.startsWith('```')) isCode = !isCode
    terminal.print(`${!isCode && line.startsWith('#') ? paint('bold', line) : line}\n`)
  }
  return undefined
}

/** `GradScaler` and `missing-update` will do, where only one page can be meant. */
function fullName(name: string): string {
  const meant = explainable().filter(page => page.endsWith(`.${name}`) || page.endsWith(`/${name}`))
  return meant.length === 1 && meant[0] !== undefined ? meant[0] : name
}

function unknownPage(name: string): Problem {
  const meant = nearest(name, explainable())
  return problem(
    `there is no page about ${name}${meant ? `: did you mean ${meant}?` : ''}`,
    `没有关于 ${name} 的页面${meant ? `：您是否想查看 ${meant}？` : ''}`,
  )
}
