/** Applies edits to a text: one fix, or all the fixes that may run, again and again until none is left. */
import type { Edit } from './rules/rule.ts'

interface Fixable {
  readonly fix: { readonly safe: boolean; readonly edits: readonly Edit[] } | undefined
}

/** Applies edits that are in source order and do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = ''
  let position = 0
  for (const edit of edits) {
    result += text.slice(position, edit.start) + edit.text
    position = edit.end
  }
  return result + text.slice(position)
}

/**
 * Applies every fix that is wanted. A fix may make room for another one, or stand in its way, so the text is analysed
 * again after each round; two fixes that undo each other end at the bound.
 */
export function fixAll<F extends Fixable>(
  text: string,
  analyze: (text: string) => readonly F[],
  isWanted: (finding: F) => boolean = isSafe,
): { readonly text: string; readonly fixed: readonly F[] } {
  return fixRepeatedly(text, analyze, applyEdits, isWanted)
}

/** The same for what is a text only to the analysis, such as the cells of a notebook. */
export function fixRepeatedly<Text, F extends Fixable>(
  text: Text,
  analyze: (text: Text) => readonly F[],
  apply: (text: Text, edits: readonly Edit[]) => Text,
  isWanted: (finding: F) => boolean = isSafe,
): { readonly text: Text; readonly fixed: readonly F[] } {
  const fixed: F[] = []
  for (let round = 0; round < maximumRounds; round++) {
    const chosen = compatible(analyze(text).filter(isWanted))
    if (chosen.length === 0) break
    text = apply(text, union(chosen))
    fixed.push(...chosen)
  }
  return { text, fixed }
}

const maximumRounds = 10

function isSafe({ fix }: Fixable): boolean {
  return fix?.safe === true
}

/** As many of the fixes, in order, as can be applied together. */
function compatible<F extends Fixable>(findings: readonly F[]): readonly F[] {
  const chosen: F[] = []
  const taken: Edit[] = []
  for (const finding of findings) {
    if (!finding.fix) continue
    const { edits } = finding.fix
    if (edits.some(edit => taken.some(other => collide(edit, other)))) continue
    chosen.push(finding)
    taken.push(...edits)
  }
  return chosen
}

/** Edits that touch collide too, as their order would matter. The same edit in two fixes, such as an import, is one edit. */
function collide(a: Edit, b: Edit): boolean {
  return !isSame(a, b) && a.start <= b.end && b.start <= a.end
}

function union(findings: readonly Fixable[]): readonly Edit[] {
  const edits = findings.flatMap(({ fix }) => fix?.edits ?? []).sort((a, b) => a.start - b.start || a.end - b.end)
  return edits.filter((edit, index) => !edits.slice(0, index).some(other => isSame(edit, other)))
}

function isSame(a: Edit, b: Edit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text
}
