import { editDistance } from '../spelling.ts'

/** The candidate that takes the fewest typing mistakes to become `name`, whole or by its last part (`AdamW`). */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase()
  const distances = candidates.map(each => {
    const candidate = each.toLowerCase()
    const part = candidate.slice(Math.max(candidate.lastIndexOf('.'), candidate.lastIndexOf('/')) + 1)
    return { each, distance: Math.min(editDistance(wanted, candidate), editDistance(wanted, part)) }
  })
  return distances.sort((a, b) => a.distance - b.distance)[0]?.each
}
