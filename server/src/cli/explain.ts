/** `torchlint explain`: the page of a rule, of a PyTorch name however short, or what is said about an argument. */
import { explain, explainable, meaningsOf } from '../analysis.ts'
import { inLanguage, type Language } from '../language.ts'
import { nearest } from '../spelling.ts'
import { type Problem, problem } from './problem.ts'
import { painter, type Terminal } from './terminal.ts'

export function explainPage(name: string, language: Language, terminal: Terminal): Problem | undefined {
  const [meant, ...others] = meaningsOf(name)
  const page = meant === undefined ? undefined : explain(meant)
  if (!meant || !page) return unknownPage(name)
  if (others.length > 0) return ambiguous(name, [meant, ...others])
  const paint = painter(terminal)
  let isCode = false
  for (const line of inLanguage(page, language).trimEnd().split('\n')) {
    if (line.startsWith('```')) isCode = !isCode
    terminal.print(`${!isCode && line.startsWith('#') ? paint('bold', line) : line}\n`)
  }
  return undefined
}

function unknownPage(name: string): Problem {
  const meant = nearest(name, explainable())
  return problem(
    `there is no page about ${name}${meant ? `: did you mean ${meant}?` : ''}`,
    `没有关于 ${name} 的页面${meant ? `：您是否想查看 ${meant}？` : ''}`,
  )
}

function ambiguous(name: string, meant: readonly string[]): Problem {
  return problem(`${name} may be ${meant.join(' or ')}`, `${name} 可能指 ${meant.join('、')}`)
}
