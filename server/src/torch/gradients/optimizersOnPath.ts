/** The optimizers that the paths of one root touch, each with the models whose parameters it was made for. */
import type { Exploration } from '../../semantic/explore.ts'

export interface OptimizersOnPath {
  /** By key; undefined where it is not visible whose parameters an optimizer holds. */
  readonly owners: ReadonlyMap<string, ReadonlySet<string> | undefined>
  add(key: string, owners: ReadonlySet<string> | undefined): void
  /** The keys of all. An optimizer that is added later makes the exploration run again. */
  all(): readonly string[]
}

/** Explores one root, again if something was asked about all optimizers before a path showed another one. */
export function exploreWithOptimizers<Found extends { readonly exploration: Exploration }>(
  run: (optimizers: OptimizersOnPath) => Found,
): Found {
  const owners = new Map<string, ReadonlySet<string> | undefined>()
  for (;;) {
    let [isAsked, isStale] = [false, false]
    const optimizers: OptimizersOnPath = {
      owners,
      add: (key, held) => {
        if (!owners.has(key)) isStale ||= isAsked
        owners.set(key, held)
      },
      all: () => {
        // By now the optimizers that are made one after another are all there.
        if (isStale) throw new Stale()
        isAsked = true
        return [...owners.keys()]
      },
    }
    try {
      const found = run(optimizers)
      if (!isStale || !found.exploration.isComplete) return found
    } catch (error) {
      if (!(error instanceof Stale)) throw error
    }
  }
}

/** What was answered before does not hold any more, so nothing that is answered now is of use. */
class Stale extends Error {}
