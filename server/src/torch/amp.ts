import { type Exploration, explore } from '../semantic/explore.ts'
import type { Model } from '../semantic/model.ts'
import { createRelevance, type Relevance } from '../semantic/relevance.ts'
import { exploreAll } from '../semantic/roots.ts'
import type * as ast from '../syntax/ast.ts'
import { ampEvents, usesScaler } from './amp/events.ts'
import { createAmpMachine } from './amp/machine.ts'
import type { AmpRule } from './amp/protocol.ts'
import type { Violation } from './amp/survey.ts'
import { exploreWithOptimizers } from './gradients/optimizersOnPath.ts'
import { remember } from './remember.ts'

/** Every illegal edge of the GradScaler protocol that some feasible path of the script takes, in source order. */
export function ampViolations(model: Model, rule: AmpRule): readonly Violation[] {
  return allViolations(model).violations.filter(violation => violation.rule === rule)
}

/** The functions, or the module, whose paths were too many to follow to the end. */
export const ampUnexplored = (model: Model): readonly (ast.Module | ast.FunctionLike)[] =>
  allViolations(model).unexplored

const allViolations = remember((model: Model) => {
  if (!usesScaler(model)) return { violations: [], unexplored: [] }
  const violations = new Map<string, Violation>()
  const isEvent = (call: ast.Call): boolean => ampEvents(model).has(call)
  const relevance = createRelevance(model, isEvent)
  const unexplored = exploreAll(model, root => exploreRoot(model, root, violations, relevance), isEvent)
  // What stands in another file is found, and reported, where that file is analysed.
  const own = [...violations.values()].filter(({ call }) => model.moduleOf(call) === model.module)
  const inOrder = own.sort((a, b) => a.call.start - b.call.start)
  return { violations: inOrder, unexplored }
})

/** Explores one root and adds what it finds. */
function exploreRoot(
  model: Model,
  root: ast.Module | ast.FunctionLike,
  violations: Map<string, Violation>,
  relevance: Relevance,
): Exploration {
  const { found, exploration } = exploreWithOptimizers(optimizers => {
    const found: Violation[] = []
    const machine = createAmpMachine(model, {
      optimizers,
      report: (rule, call, witness) => {
        const { scaler = '', optimizer = '' } = witness
        found.push({ rule, call, witness, scaler, optimizer })
      },
    })
    return { found, exploration: explore(model, root, machine, relevance) }
  })
  for (const each of found) {
    const key = `${each.rule}@${each.call.start}`
    if (!violations.has(key)) violations.set(key, each)
  }
  return exploration
}
