/** The candidate that takes the fewest typing mistakes to become `name`, whole or by its last part (`AdamW`). */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const distances = candidates.map(candidate => {
    const part = candidate.slice(Math.max(candidate.lastIndexOf('.'), candidate.lastIndexOf('/')) + 1)
    return { candidate, distance: Math.min(editDistance(name, candidate), editDistance(name, part)) }
  })
  return distances.sort((a, b) => a.distance - b.distance)[0]?.candidate
}

/** Characters inserted, deleted or replaced (Levenshtein). */
function editDistance(first: string, second: string): number {
  const [a, b] = [first.toLowerCase(), second.toLowerCase()]
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
