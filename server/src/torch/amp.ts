import { explore } from '../semantic/explore.ts'
import type { Model } from '../semantic/model.ts'
import { exploreAll } from '../semantic/roots.ts'
import type * as ast from '../syntax/ast.ts'
import { ampEvents, usesScaler } from './amp/events.ts'
import { createAmpMachine, type Violation } from './amp/machine.ts'
import type { AmpRule } from './amp/protocol.ts'
import { remember } from './remember.ts'

/** Every illegal edge of the GradScaler protocol that some feasible path of the script takes, in source order. */
export function ampViolations(model: Model, rule: AmpRule): readonly Violation[] {
  return allViolations(model).violations.filter(violation => violation.rule === rule)
}

/** The functions whose paths were too many to follow to the end. */
export const ampUnexplored = (model: Model): readonly ast.FunctionLike[] => allViolations(model).unexplored

const allViolations = remember((model: Model) => {
  if (!usesScaler(model)) return { violations: [], unexplored: [] }
  const violations = new Map<string, Violation>()
  const isEvent = (call: ast.Call): boolean => ampEvents(model).has(call)
  const unexplored = exploreAll(model, root => exploreRoot(model, root, violations), isEvent)
  const inOrder = [...violations.values()].sort((a, b) => a.call.start - b.call.start)
  return { violations: inOrder, unexplored }
})

/** Explores one root, again whenever a path has shown an optimizer that the others did not know of. */
function exploreRoot(model: Model, root: ast.Module | ast.FunctionLike, violations: Map<string, Violation>) {
  const optimizers = new Map<string, ReadonlySet<string> | undefined>()
  for (;;) {
    const found: Violation[] = []
    const known = optimizers.size
    const exploration = explore(model, root, createAmpMachine(model, { optimizers, report: each => found.push(each) }))
    if (optimizers.size > known && exploration.isComplete) continue
    for (const each of found) {
      const key = `${each.rule}@${each.call.start}`
      if (!violations.has(key)) violations.set(key, each)
    }
    return exploration
  }
}
