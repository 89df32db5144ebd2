/** Makes a function remember its answers, which may depend on each other and on those of its siblings in circles. */
export type Memoise = <K extends object, T>(otherwise: T, compute: (key: K) => T) => (key: K) => T

/** Stands for an answer that is being computed, at a depth of questions within questions. */
class Pending {
  readonly depth: number
  constructor(depth: number) {
    this.depth = depth
  }
}

/**
 * A question that leads back to itself gets `otherwise` there, and every answer on the way that rests on this cut is
 * given but not kept, so that it does not depend on who asked first. Depth and work of one outermost question are
 * bounded: past the bound everything is `otherwise`.
 */
export function createMemory(): Memoise {
  let depth = 0
  let work = 0
  /** The smallest depth that the answer being computed rests on by a cut. */
  let rests = Number.POSITIVE_INFINITY

  return <K extends object, T>(otherwise: T, compute: (key: K) => T) => {
    const answers = new Map<K, T | Pending>()
    return (key: K): T => {
      const known = answers.get(key)
      if (known instanceof Pending) {
        rests = Math.min(rests, known.depth)
        return otherwise
      }
      if (known !== undefined) return known
      if (depth === 0) work = 0
      if (depth >= maximumDepth || ++work > maximumWork) {
        rests = -1
        return otherwise
      }
      const outerRests = rests
      const own = depth++
      rests = Number.POSITIVE_INFINITY
      answers.set(key, new Pending(own))
      const answer = compute(key)
      depth = own
      // Past the bound the answers are kept as they are: what was costly once would be costly again.
      if (rests >= own || own === 0 || work > maximumWork) answers.set(key, answer)
      else answers.delete(key)
      rests = rests >= own ? outerRests : Math.min(outerRests, rests)
      return answer
    }
  }
}

const maximumDepth = 150
const maximumWork = 3000
