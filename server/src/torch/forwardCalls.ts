/** Calls of `forward` that go past the hooks of the module. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import { isSuperCall } from '../semantic/supers.ts'
import type * as ast from '../syntax/ast.ts'
import { hasMethod } from './moduleClasses.ts'
import { isModule, isWithinModule } from './modules.ts'
import { methodCall } from './usage.ts'

/** `model.forward(x)` outside of modules: in a module's own code it may be meant to leave the hooks out. */
export function forwardCalls(model: Model): readonly ast.Attribute[] {
  return model.nodes('Call').flatMap(call => {
    const { func } = call
    if (func.kind !== 'Attribute' || methodCall(call)?.method !== 'forward' || isWithinModule(model, call)) return []
    if (isModule(model, func.value) !== 'yes' || isPatched(model) || isOwn(func.value)) return []
    // A `__call__` of its own does more than run hooks.
    if (hasMethod(model, func.value, '__call__')) return []
    return [func]
  })
}

/** `super().forward(x)`, `self.forward(x)`, and `self.encoder.forward(x)` in a class that may be a module by its bases. */
function isOwn(receiver: ast.Expression): boolean {
  if (isSuperCall(receiver)) return true
  if (receiver.kind === 'Attribute') return isOwn(receiver.value)
  if (receiver.kind !== 'Name' || receiver.id !== 'self') return false
  for (let at = receiver.parent; at; at = at.parent) if (at.kind === 'ClassDef') return at.bases.length > 0
  return false
}

/** A script that replaces `forward`, or traces it, has its reasons for naming it. */
function isPatched(model: Model): boolean {
  return nodesRun(model, 'Attribute').some(
    ({ attr, parent }) => attr === 'forward' && parent?.kind === 'Assign' && parent.value.kind !== 'Call',
  )
}
