import type * as ast from '../syntax/ast.ts'
import { explore, type Machine } from './explore.ts'
import type { Model } from './model.ts'
import { createRelevance } from './relevance.ts'
import { exploreAll } from './roots.ts'

/** From one call to another, without passing a third: "the next iteration's step, with no update between". */
export interface PathQuery {
  readonly from: ast.Call
  /** May be `from` itself: the way around a loop. */
  readonly to: ast.Call
  readonly avoiding?: readonly ast.Call[]
}

/** `found`: on a path that can be taken. `none`: on no path. `unknown`: past a place that could not be followed. */
export type PathAnswer = 'found' | 'none' | 'unknown'

/** `way`: on a way from `from`; `lost`: on one that something unknown interrupted. */
type State = { readonly at: 'elsewhere' | 'way' | 'lost' }
const elsewhere: State = { at: 'elsewhere' }
const onTheWay: State = { at: 'way' }
const lost: State = { at: 'lost' }

export function findPath(model: Model, { from, to, avoiding = [] }: PathQuery): PathAnswer {
  let answer: PathAnswer = 'none'
  const ends = new Set(avoiding)
  const machine: Machine<State> = {
    initial: elsewhere,
    key: ({ at }) => at,
    isEvent: call => call === from || call === to || ends.has(call),
    call: (call, { state }) => {
      if (call === to && state !== elsewhere && answer !== 'found') answer = state === lost ? 'unknown' : 'found'
      if (call === from) return onTheWay
      return call === to || ends.has(call) ? elsewhere : state
    },
    assign: (_target, _value, { state }) => state,
    iterate: state => state,
    forget: state => (state === onTheWay ? lost : state),
  }
  const relevance = createRelevance(model, machine.isEvent)
  const incomplete = exploreAll(model, root => explore(model, root, machine, relevance), machine.isEvent)
  return answer === 'none' && incomplete.length > 0 ? 'unknown' : answer
}
