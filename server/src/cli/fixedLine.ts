/** Says that a fix was applied, where and which. */

import type { FixedFinding } from '../checking/checker.ts'
import { type Language, titleIn } from '../language.ts'
import { type Paint, printable } from './terminal.ts'
import { words } from './words.ts'

export function fixedLine(
  name: string,
  { line, rule, fix }: FixedFinding,
  language: Language,
  paint: Paint = (_, text) => text,
): string {
  const title = fix ? `: ${printable(titleIn(fix.title, language))}` : ''
  return `${paint('green', titleIn(words.fixed, language))} ${name}:${line} ${rule}${title}\n`
}
