import { explore } from '../semantic/explore.ts'
import type { Model } from '../semantic/model.ts'
import { createRelevance, type Relevance } from '../semantic/relevance.ts'
import { exploreAll } from '../semantic/roots.ts'
import type * as ast from '../syntax/ast.ts'
import { ampEvents, usesScaler } from './amp/events.ts'
import { createAmpMachine } from './amp/machine.ts'
import type { AmpRule } from './amp/protocol.ts'
import type { Survey, Violation } from './amp/survey.ts'
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
  const inOrder = [...violations.values()].sort((a, b) => a.call.start - b.call.start)
  return { violations: inOrder, unexplored }
})

/** Explores one root, again if something was asked about all optimizers before a path showed another one. */
function exploreRoot(
  model: Model,
  root: ast.Module | ast.FunctionLike,
  violations: Map<string, Violation>,
  relevance: Relevance,
) {
  const optimizers = new Map<string, ReadonlySet<string> | undefined>()
  for (;;) {
    const found: Violation[] = []
    let [isAsked, isStale] = [false, false]
    const survey: Survey = {
      optimizers,
      add: (key, owners) => {
        if (!optimizers.has(key)) isStale ||= isAsked
        optimizers.set(key, owners)
      },
      all: () => {
        isAsked = true
        return [...optimizers.keys()]
      },
      report: each => found.push(each),
    }
    const exploration = explore(model, root, createAmpMachine(model, survey), relevance)
    if (isStale && exploration.isComplete) continue
    for (const each of found) {
      const key = `${each.rule}@${each.call.start}`
      if (!violations.has(key)) violations.set(key, each)
    }
    return exploration
  }
}
