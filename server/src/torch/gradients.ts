/** What feasible paths of a script do to gradients that they should not. */
import { type Exploration, explore } from '../semantic/explore.ts'
import type { Model } from '../semantic/model.ts'
import { createRelevance, type Relevance } from '../semantic/relevance.ts'
import { exploreAll } from '../semantic/roots.ts'
import type * as ast from '../syntax/ast.ts'
import { isNeverCleared } from './gradients/clearing.ts'
import type { GradientRule } from './gradients/conditions.ts'
import { gradientEvents } from './gradients/events.ts'
import { createGradientMachine } from './gradients/machine.ts'
import { exploreWithOptimizers } from './gradients/optimizersOnPath.ts'
import type { GradientViolation } from './gradients/survey.ts'
import { remember } from './remember.ts'

/** Every mistake of a kind that some feasible path of the script makes, in source order. */
export function gradientViolations(model: Model, rule: GradientRule): readonly GradientViolation[] {
  return allViolations(model).filter(violation => violation.rule === rule)
}

const allViolations = remember((model: Model): readonly GradientViolation[] => {
  const events = gradientEvents(model)
  if (events.size === 0) return []
  const violations = new Map<string, GradientViolation>()
  const isEvent = (call: ast.Call): boolean => events.has(call)
  const relevance = createRelevance(model, isEvent)
  exploreAll(
    model,
    root => {
      const { found, exploration } = exploreRoot(model, root, relevance)
      for (const each of found) {
        const key = `${each.rule}@${each.at.call.start}`
        if (!violations.has(key)) violations.set(key, each)
      }
      return exploration
    },
    isEvent,
  )
  return [...violations.values()].sort((a, b) => a.at.call.start - b.at.call.start)
})

interface Found {
  readonly found: readonly GradientViolation[]
  readonly exploration: Exploration
}

function exploreRoot(model: Model, root: ast.Module | ast.FunctionLike, relevance: Relevance): Found {
  return exploreWithOptimizers(optimizers => {
    const reported: GradientViolation[] = []
    const suspected: { readonly violation: GradientViolation; readonly judged: ast.Call }[] = []
    const uncleared: { readonly violation: GradientViolation; readonly optimizer: string }[] = []
    const acquitted = new Set<string>()
    const clearing = new Map<string, Set<ast.Call>>()
    const machine = createGradientMachine(model, {
      optimizers,
      report: violation => reported.push(violation),
      suspect: (violation, judged) => suspected.push({ violation, judged }),
      acquit: (rule, judged) => acquitted.add(`${rule}@${judged.start}`),
      uncleared: (violation, optimizer) => uncleared.push({ violation, optimizer }),
      clears: (optimizer, call) => clearing.set(optimizer, (clearing.get(optimizer) ?? new Set()).add(call)),
    })
    const exploration = explore(model, root, machine, relevance)
    // What holds on all paths is not known where not all were followed.
    const certain = exploration.isComplete
      ? suspected.filter(({ violation, judged }) => !acquitted.has(`${violation.rule}@${judged.start}`))
      : []
    const missing = exploration.isComplete
      ? uncleared.filter(({ violation, optimizer }) => isNeverCleared(model, violation, clearing.get(optimizer)))
      : []
    return { found: [...reported, ...[...certain, ...missing].map(({ violation }) => violation)], exploration }
  })
}
