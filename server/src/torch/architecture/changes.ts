/** What a script does to a model after it has made it: `model.fc = nn.Linear(512, 10)`. */
import { nodesRun } from '../../semantic/followed.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { creationOf, isWithinModule, originOf } from '../modules.ts'
import { remember } from '../remember.ts'
import { methodCall } from '../usage.ts'
import type { Evaluation, Frame } from './evaluation.ts'
import { attributeOf, setAttribute } from './members.ts'
import { instanceOf, joinAll, type Value } from './values.ts'

/** The model, with the assignments to its parts done. */
export function applyChanges(evaluation: Evaluation, node: ast.Expression, value: Value, frame: Frame): Value {
  if (node.kind !== 'Call' || !instanceOf(value, frame.state)) return value
  for (const change of changes(evaluation.model)) {
    const path = pathTo(evaluation.model, change.target, originOf(node))
    if (path) apply(evaluation, value, path, change, frame)
  }
  return value
}

interface Change {
  readonly target: ast.Attribute | ast.Subscript
  /** What is assigned; undefined where that is not visible. */
  readonly value: ast.Expression | undefined
}

/** Assignments to attributes and elements of attributes outside of modules' own code, in source order. */
const changes = remember((model: Model): readonly Change[] => {
  const assigned = model.nodes('Assign').flatMap(({ targets, value }) =>
    targets.flatMap((target): readonly Change[] => {
      if (target.kind !== 'Attribute' && target.kind !== 'Subscript') return []
      const isOwn = target.value.kind === 'Name' && target.value.id === 'self'
      return isOwn || isWithinModule(model, target) ? [] : [{ target, value }]
    }),
  )
  const added = model.nodes('Call').flatMap((call): readonly Change[] => {
    const method = methodCall(call)?.method
    const isAdding = method === 'add_module' || method === 'register_module' || method === 'append'
    if (!isAdding || call.func.kind !== 'Attribute' || isWithinModule(model, call)) return []
    return [{ target: call.func, value: undefined }]
  })
  return [...assigned, ...changesElsewhere(model), ...added]
})

/** Modules that functions of other files put into what they are passed: which object that is, is not known. */
function changesElsewhere(model: Model): readonly Change[] {
  return nodesRun(model, 'Assign').flatMap(({ targets, value }) => {
    if (value.kind !== 'Call' || model.moduleOf(value) === model.module) return []
    const held = targets.filter(target => target.kind === 'Attribute' || target.kind === 'Subscript')
    if (held.length === 0 || model.isInstance(value, 'torch.nn.Module') !== 'yes') return []
    return held.flatMap(target => (isWithinModule(model, target) ? [] : [{ target, value: undefined }]))
  })
}

const isPassedElsewhere = (model: Model, object: ast.Expression): boolean =>
  model.moduleOf(object) !== model.module && model.values(object).some(({ kind }) => kind === 'parameter')

/** The names from the object that a call makes to the target; undefined if the target is no part of it. */
function pathTo(model: Model, target: ast.Expression, creation: ast.Call): readonly string[] | undefined {
  if (target.kind !== 'Attribute' && target.kind !== 'Subscript') return undefined
  const key = target.kind === 'Attribute' ? target.attr : String(model.constant(target.slice) ?? '')
  const isWhole = model.values(target.value).some(value => {
    const made = creationOf(value)
    return made !== undefined && originOf(made) === creation
  })
  if (isWhole || isPassedElsewhere(model, target.value)) return [key]
  const path = pathTo(model, target.value, creation)
  return path && [...path, key]
}

function apply(
  evaluation: Evaluation,
  root: Value,
  path: readonly string[],
  { target, value }: Change,
  frame: Frame,
): void {
  const names = path.filter(name => name !== 'module')
  const last = names.at(-1)
  const holder = names.slice(0, -1).reduce((at, name) => attributeOf(evaluation, at, name, frame), root)
  const contents = instanceOf(holder, frame.state)
  if (last === undefined || !contents || !value) {
    const held = instanceOf(root, frame.state)
    if (root.kind === 'object' && held)
      frame.state.heap.set(root.identity, { ...held, isComplete: false, isChanged: true })
    return
  }
  const index = /^-?\d+$/.test(last) ? [...contents.attributes.keys()].at(Number(last)) : last
  const assigned = evaluation.evaluate(value, frame)
  const before = attributeOf(evaluation, holder, index ?? last, frame)
  const isCertain = !isConditional(target)
  setAttribute(evaluation, holder, index ?? last, isCertain ? assigned : joinAll([before, assigned]), frame)
}

function isConditional(node: ast.Node): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (at.kind === 'FunctionDef') return false
    if (at.kind === 'If' || at.kind === 'Try' || at.kind === 'For' || at.kind === 'While') return true
  }
  return false
}
