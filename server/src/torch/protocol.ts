/**
 * What one iteration of a training loop does, in the order in which it runs, with the branches that it does it in. The
 * events of the file's own functions stand where these are called.
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import type { LoopEvent, TrainingLoop } from './loops.ts'

export type ProtocolStep =
  | { readonly kind: 'event'; readonly event: LoopEvent }
  /** `whole`: one of the arms runs in any case. */
  | {
      readonly kind: 'branch'
      readonly at: Branch
      readonly arms: readonly (readonly ProtocolStep[])[]
      readonly isWhole: boolean
    }

type Branch = ast.If | ast.IfExp | ast.Match | ast.Try | ast.Continue

export function protocolOf(
  model: Model,
  node: TrainingLoop['node'],
  events: readonly LoopEvent[],
): readonly ProtocolStep[] {
  const exits = exitsAfter(model, node, events)
  const placed = events.map(event => ({
    event,
    turns: [...exits.filter(exit => exit.end <= siteOf(event).start).map(turnBehind), ...turnsOf(model, event, node)],
  }))
  return grouped(placed, 0)
}

/** Where an iteration may end between its backward pass and its step. One that ends before does nothing at all. */
function exitsAfter(model: Model, loop: TrainingLoop['node'], events: readonly LoopEvent[]): readonly ast.Continue[] {
  const backward = events.find(({ kind }) => kind === 'backward')
  const isOwn = (node: ast.Continue) => model.loops(node)[0] === loop && model.scope(node) === model.scope(loop)
  return backward ? model.nodes('Continue', loop).filter(node => isOwn(node) && node.start > siteOf(backward).end) : []
}

const siteOf = ({ through, call }: LoopEvent): ast.Call => through[0] ?? call

const turnBehind = (at: ast.Continue): Turn => ({ at, arm: 0, arms: 1, isWhole: false })

/** A branch on the way to an event, and which of its arms leads there. */
interface Turn {
  readonly at: Branch
  readonly arm: number
  readonly arms: number
  readonly isWhole: boolean
}

interface Placed {
  readonly event: LoopEvent
  /** From the loop inwards. */
  readonly turns: readonly Turn[]
}

function grouped(placed: readonly Placed[], depth: number): readonly ProtocolStep[] {
  const steps: ProtocolStep[] = []
  for (let index = 0; index < placed.length; ) {
    const first = placed[index]
    const turn = first?.turns[depth]
    if (!first) break
    if (!turn) {
      steps.push({ kind: 'event', event: first.event })
      index++
      continue
    }
    const rest = placed.slice(index)
    const end = rest.findIndex(({ turns }) => turns[depth]?.at !== turn.at)
    const inside = end < 0 ? rest : rest.slice(0, end)
    const arms = Array.from({ length: turn.arms }, (_, arm) =>
      grouped(
        inside.filter(({ turns }) => turns[depth]?.arm === arm),
        depth + 1,
      ),
    )
    steps.push({ kind: 'branch', at: turn.at, arms, isWhole: turn.isWhole })
    index += inside.length
  }
  return steps
}

function turnsOf(model: Model, { call, through }: LoopEvent, loop: ast.Node): readonly Turn[] {
  const places = [...through, call]
  return places.flatMap((place, index) => turnsWithin(place, index === 0 ? loop : model.scope(place)))
}

/** Those between a node and what holds it, the outermost first. */
function turnsWithin(node: ast.Node, holder: ast.Node | ast.Module): readonly Turn[] {
  const turns: Turn[] = []
  for (let at: ast.Node = node; at.parent && at.parent !== holder && at !== holder; at = at.parent) {
    const turn = turnAt(at.parent, at)
    if (turn) turns.unshift(turn)
  }
  return turns
}

function turnAt(branch: ast.Node, child: ast.Node): Turn | undefined {
  switch (branch.kind) {
    case 'If': {
      if (child === branch.test) return undefined
      const arm = branch.body.some(statement => statement === child) ? 0 : 1
      return { at: branch, arm, arms: 2, isWhole: branch.orelse.length > 0 }
    }
    case 'IfExp':
      return child === branch.test
        ? undefined
        : { at: branch, arm: child === branch.body ? 0 : 1, arms: 2, isWhole: true }
    case 'Try': {
      const arm = branch.handlers.findIndex(each => encloses(each, child))
      return arm < 0 ? undefined : { at: branch, arm, arms: branch.handlers.length, isWhole: false }
    }
    case 'Match': {
      const arm = branch.cases.findIndex(each => encloses(each, child))
      return arm < 0 ? undefined : { at: branch, arm, arms: branch.cases.length, isWhole: false }
    }
    default:
      return undefined
  }
}
