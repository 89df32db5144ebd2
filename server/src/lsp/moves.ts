/** Where what was found in one version of a text stands in the next. */
import type { Finding, Range, TextChange } from '../analysis.ts'

/** Without the findings whose text is gone, and without fixes, whose edits are those of the version before. */
export function movedFindings(findings: readonly Finding[], change: TextChange): readonly Finding[] {
  return findings.flatMap(finding => {
    const range = movedRange(finding, change)
    const related = finding.related.flatMap(other => {
      const place = other.file ? other : movedRange(other, change)
      return place ? [{ ...other, ...place }] : []
    })
    return range ? [{ ...finding, ...range, related, fix: undefined }] : []
  })
}

/** Undefined: all of it was replaced. What is typed at its edges is no part of it. */
function movedRange({ start, end }: Range, change: TextChange): Range | undefined {
  const shift = change.text.length - (change.end - change.start)
  if (end <= change.start) return { start, end }
  if (start >= change.end) return { start: start + shift, end: end + shift }
  if (change.start <= start && end <= change.end) return undefined
  return {
    start: Math.min(start, change.start),
    end: end > change.end ? end + shift : change.start + change.text.length,
  }
}

/** A place moves along with what is typed at it. */
export function movedOffset(offset: number, { start, end, text }: TextChange): number {
  if (offset < start) return offset
  return offset > end ? offset + text.length - (end - start) : start + text.length
}
