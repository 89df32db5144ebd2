/** The cells of a notebook as documents: what is found in its script, and the fixes of that, cell by cell. */
import type { Analysis, Edit, Finding } from '../analysis.ts'
import { fixRepeatedly } from '../fix.ts'
import { type CellMap, changeOf, mapCells } from '../notebook/cells.ts'
import { type CellEdit, cellEdits } from '../notebook/edits.ts'
import { cellFindings, editCells, fixable, placeIn } from '../notebook/findings.ts'
import { cellLine, firstLine } from '../notebook/lines.ts'
import type { Repair, Script } from './documents.ts'

/** The analysis of the script as that of each cell. `uris`: those of the cells, in order. */
export function cellAnalyses(map: CellMap, uris: readonly string[], analysis: Analysis): (cell: number) => Analysis {
  const fileOf = (cell: number) => ({ path: uris[cell] ?? '', text: map.cells[cell] ?? '' })
  const lists = cellFindings(map, analysis.findings, fileOf)
  return cell => analysisOf(map, cell, analysis, lists[cell] ?? [])
}

/** What all rounds of fixes make of the cells, or of one of them with what can be fixed within it. */
export function cellFixes(
  { cells: sources }: CellMap,
  uris: readonly string[],
  own: number,
  extent: 'file' | 'text',
  findingsOf: (script: string) => readonly Finding[],
): Repair {
  const isOwn = ({ cell }: CellEdit) => cell === own
  const { text: after } = fixRepeatedly(
    sources,
    later => {
      const map = mapCells(later)
      const found = fixable(map, findingsOf(map.script))
      return extent === 'file' ? found : found.filter(({ fix }) => fix && cellEdits(map, fix.edits)?.every(isOwn))
    },
    (later, edits) => editCells(mapCells(later), edits),
  )
  const repairs = after.flatMap((text, cell) => {
    const before = sources[cell] ?? ''
    return text === before ? [] : [{ cell, path: uris[cell] ?? '', edits: [changeOf(before, text)] }]
  })
  return {
    edits: repairs.filter(({ cell }) => cell === own).flatMap(({ edits }) => edits),
    others: repairs.filter(({ cell }) => cell !== own),
  }
}

/** The notebook's script, as one of its cells is asked about it. */
export function cellScript(map: CellMap, uris: readonly string[], own: number, analyze: () => Analysis): Script {
  return {
    analyze,
    place(line) {
      const place = cellLine(map, line)
      return { uri: uris[place?.cell ?? own] ?? '', line: place?.line ?? 1 }
    },
    start: uri => firstLine(map, uris.indexOf(uri)),
    repair(edits) {
      const moved = cellEdits(map, edits)
      if (!moved) return undefined
      const editsOf = (wanted: number) => moved.flatMap(({ cell, ...edit }) => (cell === wanted ? [edit] : []))
      const others = uris.flatMap((path, cell) => (cell === own ? [] : [{ path, edits: editsOf(cell) }]))
      return { edits: editsOf(own), others: others.filter(({ edits }) => edits.length > 0) }
    },
  }
}

function analysisOf(map: CellMap, cell: number, analysis: Analysis, findings: readonly Finding[]): Analysis {
  const start = map.startOf(cell)
  return {
    findings,
    // What is said about the script as a whole is said once.
    notices: cell === 0 ? analysis.notices : [],
    hover(offset, images) {
      const hover = start === undefined ? undefined : analysis.hover(start + offset, images)
      const place = hover && placeIn(map, hover)
      return hover && place?.cell === cell ? { ...hover, start: place.start, end: place.end } : undefined
    },
    hints: kinds =>
      analysis.hints(kinds).flatMap(hint => {
        const place = placeIn(map, { start: hint.at, end: hint.at })
        return place?.cell === cell ? [{ ...hint, at: place.start }] : []
      }),
    lenses: () =>
      analysis.lenses().flatMap(lens => {
        const { cell: own, ...range } = placeIn(map, lens) ?? { cell: undefined }
        return own === cell ? [{ ...lens, ...range }] : []
      }),
    suppress(finding, scope) {
      const script = { ...finding, start: finding.start + (start ?? 0), end: finding.end + (start ?? 0) }
      const edit = analysis.suppress(script, scope)
      return edit && suppressionIn(map, cell, edit)
    },
    linesAround(offset) {
      const place = start === undefined ? undefined : placeIn(map, analysis.linesAround(start + offset))
      return place?.cell === cell ? place : { start: offset, end: offset }
    },
    inspect: analysis.inspect,
    memory: analysis.memory,
  }
}

/** A comment for the whole file may stand in any cell. */
function suppressionIn(map: CellMap, cell: number, edit: Edit): Edit | undefined {
  const [own] = cellEdits(map, [edit]) ?? []
  if (own?.cell === cell) return own
  const start = map.startOf(cell)
  if (start === undefined || edit.end > edit.start) return undefined
  return cellEdits(map, [{ start, end: start, text: edit.text }])?.[0]
}
