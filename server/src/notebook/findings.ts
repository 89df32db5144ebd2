/** What was found in the script, as findings of its cells. */
import { applyEdits } from '../fix.ts'
import type { Finding, Fix, OtherFile, RelatedPlace } from '../lint.ts'
import type { Edit, Range } from '../rules/rule.ts'
import type { CellMap } from './cells.ts'
import { cellEdits } from './edits.ts'

/** A list for each cell. `fileOf`: a cell as the others name it. */
export function cellFindings(
  map: CellMap,
  findings: readonly Finding[],
  fileOf: (cell: number) => OtherFile,
): readonly (readonly Finding[])[] {
  const lists: Finding[][] = map.cells.map(() => [])
  for (const finding of findings) {
    const place = placeIn(map, finding)
    if (!place) continue
    const { cell, ...range } = place
    const related = finding.related.flatMap(other => relatedPlace(map, cell, other, fileOf))
    lists[cell]?.push({ ...finding, ...range, related, fix: finding.fix && fixIn(map, cell, finding.fix, fileOf) })
  }
  return lists
}

/** Where a range of the script begins, as far as it reaches in that cell. */
export function placeIn(map: CellMap, { start, end }: Range): (Range & { readonly cell: number }) | undefined {
  const part = map.partAt(start)
  if (!part) return undefined
  const inside = (offset: number) => Math.min(offset, part.end) - part.start
  return { cell: part.cell, start: inside(start), end: inside(end) }
}

function relatedPlace(
  map: CellMap,
  own: number,
  other: RelatedPlace,
  fileOf: (cell: number) => OtherFile,
): readonly RelatedPlace[] {
  if (other.file) return [other]
  const place = placeIn(map, other)
  if (!place) return []
  const { cell, ...range } = place
  return [{ message: other.message, ...range, ...(cell !== own && { file: fileOf(cell) }) }]
}

function fixIn(map: CellMap, own: number, fix: Fix, fileOf: (cell: number) => OtherFile): Fix | undefined {
  const edits = cellEdits(map, fix.edits)
  if (!edits) return undefined
  const editsOf = (wanted: number) => edits.flatMap(({ cell, ...edit }) => (cell === wanted ? [edit] : []))
  const cells = new Set(edits.map(({ cell }) => cell))
  const others = [...cells].filter(cell => cell !== own)
  return {
    ...fix,
    edits: editsOf(own),
    ...(others.length > 0 && { others: others.map(cell => ({ path: fileOf(cell).path, edits: editsOf(cell) })) }),
  }
}

/** The findings whose fix the cells can take. */
export function fixable<F extends { readonly fix: { readonly edits: readonly Edit[] } | undefined }>(
  map: CellMap,
  findings: readonly F[],
): readonly F[] {
  return findings.filter(({ fix }) => fix && cellEdits(map, fix.edits))
}

/** The cells after edits of the script that they can take. */
export function editCells(map: CellMap, edits: readonly Edit[]): readonly string[] {
  const moved = cellEdits(map, edits) ?? []
  return map.cells.map((text, cell) => {
    const own = moved.filter(edit => edit.cell === cell)
    return own.length === 0 ? text : applyEdits(text, own)
  })
}
