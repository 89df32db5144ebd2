/** `torchlint explain`: the page of a rule, of a PyTorch name however short, or what is said about an argument. */
import { explain, explainable, meaningsOf } from '../analysis.ts'
import { type Problem, problem } from '../checking/problem.ts'
import type { Language } from '../language.ts'
import { nearest } from '../spelling.ts'
import { printPage } from './printPage.ts'
import type { Terminal } from './terminal.ts'

export function explainPage(name: string, language: Language, terminal: Terminal): Problem | undefined {
  const [meant, ...others] = meaningsOf(name)
  const page = meant === undefined ? undefined : explain(meant)
  if (!meant || !page) return unknownPage(name)
  if (others.length > 0) return ambiguous(name, [meant, ...others])
  printPage(page, language, terminal)
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
