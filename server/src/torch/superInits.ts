/** Modules that are used before `nn.Module.__init__` has run. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { lineageOf, methodOf, moduleClasses } from './moduleClasses.ts'

export interface MissingSuperInit {
  readonly class: ast.ClassDef
  readonly init: ast.FunctionDef
  /** The first assignment of a module or parameter, which raises; undefined: only the use of the object does. */
  readonly assignment: ast.Assign | undefined
  /** The call that comes too late. */
  readonly late: ast.Call | undefined
  /** No base class wants arguments. */
  readonly isDirect: boolean
}

export function missingSuperInits(model: Model): readonly MissingSuperInit[] {
  return moduleClasses(model).flatMap(({ node, isDirect }) => {
    const init = methodOf(node, '__init__')
    if (!init || init.broken || init.decorators.length > 0 || isAbstract(init)) return []
    if (lineageOf(model, node).some(isUnusual)) return []
    const calls = model.nodes('Call', node).filter(call => isBaseInit(call))
    const [late] = calls.filter(call => model.scope(call) === init)
    if (calls.length > 0 && (!late || model.loops(late).length > 0)) return []
    const assignment = model
      .nodes('Assign', init)
      .filter(each => model.scope(each) === init && registers(model, each, init))
      .find(({ end }) => !late || end <= late.start)
    return late && !assignment ? [] : [{ class: node, init, assignment, late, isDirect }]
  })
}

/** `super().__init__()`, `nn.Module.__init__(self)`; any use of `super` may come to the same. */
function isBaseInit({ func }: ast.Call): boolean {
  if (func.kind === 'Name') return func.id === 'super'
  return func.kind === 'Attribute' && /^__(?:init|new|setstate|post_init)\w*__$|^__dict__$/.test(func.attr)
}

/** A metaclass, a decorator or attribute access of a class's own may do what `__init__` leaves out. */
function isUnusual(node: ast.ClassDef): boolean {
  return (
    node.keywords.length > 0 ||
    node.decorators.length > 0 ||
    ['__new__', '__setattr__', '__getattr__', '__call__'].some(name => methodOf(node, name) !== undefined)
  )
}

/** It refuses to be made, or is a sketch: `...`. */
function isAbstract(init: ast.FunctionDef): boolean {
  const isConstant = (statement: ast.Statement) => statement.kind === 'Expr' && statement.value.kind === 'Constant'
  return init.body.some(statement => statement.kind === 'Raise') || init.body.every(isConstant)
}

/** `self.fc = nn.Linear(…)`. */
function registers(model: Model, { targets, value }: ast.Assign, init: ast.FunctionDef): boolean {
  const self = init.parameters[0]?.name
  const isOwn = targets.some(
    target => target.kind === 'Attribute' && target.value.kind === 'Name' && target.value.id === self,
  )
  return isOwn && (model.isInstance(value, 'torch.nn.Module') === 'yes' || isParameter(model, value))
}

function isParameter(model: Model, value: ast.Expression): boolean {
  return model.values(value).every(each => each.kind === 'instance' && each.of === 'torch.nn.Parameter')
}
