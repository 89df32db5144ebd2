/**
 * Remembers answers that may depend on each other in circles. A question that leads back to itself gets `otherwise`
 * there, and every answer on the way that rests on this cut is given but not kept, so that it does not depend on who
 * asked first. Depth and work of one outermost question are bounded: past the bound everything is `otherwise`.
 */
export function createMemory(): <K extends object, T>(memo: Map<K, T>, key: K, otherwise: T, compute: () => T) => T {
  /** The memos and keys being computed, with their depth. */
  const active = new Map<object, Map<object, number>>()
  let depth = 0
  let work = 0
  /** The smallest depth that the answer being computed rests on by a cut. */
  let rests = Number.POSITIVE_INFINITY

  return (memo, key, otherwise, compute) => {
    const known = memo.get(key)
    if (known !== undefined) return known
    let computing = active.get(memo)
    if (!computing) {
      computing = new Map()
      active.set(memo, computing)
    }
    const above = computing.get(key)
    if (above !== undefined) {
      rests = Math.min(rests, above)
      return otherwise
    }
    if (depth === 0) work = 0
    if (depth >= maximumDepth || ++work > maximumWork) {
      rests = -1
      return otherwise
    }
    const outerRests = rests
    rests = Number.POSITIVE_INFINITY
    computing.set(key, depth)
    const own = depth++
    try {
      const answer = compute()
      // Past the bound the answers are kept as they are: what was costly once would be costly again.
      if (rests >= own || own === 0 || work > maximumWork) memo.set(key, answer)
      return answer
    } finally {
      depth = own
      computing.delete(key)
      rests = Math.min(outerRests, rests >= own ? Number.POSITIVE_INFINITY : rests)
    }
  }
}

const maximumDepth = 150
const maximumWork = 3000
