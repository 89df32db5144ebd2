/**
 * The one name that is nearest to a misspelled one, if it is near enough to be meant. Of two that are equally near, the
 * one that begins alike: `cudn` is `cudnn`, not `cuda`.
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const limit = name.length < 5 ? 1 : 2
  const candidates = names
    .filter(candidate => Math.abs(candidate.length - name.length) <= limit)
    .map(candidate => ({
      candidate,
      distance: editDistance(name.toLowerCase(), candidate.toLowerCase()),
      alike: commonStart(name, candidate),
    }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || b.alike - a.alike)
  const [first, second] = candidates
  const isTie = second && first && second.distance === first.distance && second.alike === first.alike
  return isTie ? undefined : first?.candidate
}

/** The candidate that takes the fewest typing mistakes to become `name`, whole or by its last part (`AdamW`). */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const distances = candidates.map(each => ({ each, distance: distanceTo(name, each) }))
  return distances.sort((a, b) => a.distance - b.distance)[0]?.each
}

/** Are there so few typing mistakes between them that nothing else can be meant? */
export function isNear(name: string, candidate: string): boolean {
  return distanceTo(name, candidate) <= Math.max(1, Math.floor(name.length / 3))
}

/** As a whole or by its last part. */
function distanceTo(name: string, candidate: string): number {
  const [wanted, whole] = [name.toLowerCase(), candidate.toLowerCase()]
  const part = whole.slice(Math.max(whole.lastIndexOf('.'), whole.lastIndexOf('/')) + 1)
  return Math.min(editDistance(wanted, whole), editDistance(wanted, part))
}

function commonStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      const choices = [at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost]
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) choices.push(at(beforeLast, j - 2) + 1)
      row.push(Math.min(...choices))
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
