/** Dropout in the code of a module that no mode switches off. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { children } from '../syntax/walk.ts'
import { functionalDropouts } from './facts/modules.ts'
import { isWithinModule } from './modules.ts'

export interface PermanentDropout {
  readonly call: ast.Call
  /** The name that the method around it has for the module. */
  readonly self: string
}

export function permanentDropouts(model: Model): readonly PermanentDropout[] {
  return model.calls(functionalDropouts).flatMap(call => {
    const method = methodAround(model, call)
    const self = method?.decorators.length === 0 ? method.parameters[0]?.name : undefined
    if (!method || self === undefined || model.argument(call, 'training', 2).kind !== 'absent') return []
    return mayDrop(model, call, self) && !isSwitched(model, call, method) ? [{ call, self }] : []
  })
}

function methodAround(model: Model, node: ast.Node): ast.FunctionDef | undefined {
  for (let at = node.parent; at; at = at.parent)
    if (at.kind === 'FunctionDef' && at.parent?.kind === 'ClassDef')
      return isModuleCode(model, at, at.parent) && !managesModes(at.parent) ? at : undefined
  return undefined
}

/** A class with a base from elsewhere is a module if it has a `forward` and asks for `self.training`. */
function isModuleCode(model: Model, method: ast.FunctionDef, { body }: ast.ClassDef): boolean {
  if (isWithinModule(model, method)) return true
  const methods = body.filter(each => each.kind === 'FunctionDef')
  return (
    methods.some(({ name }) => name === 'forward') &&
    methods.some(each =>
      model
        .nodes('Attribute', each)
        .some(
          ({ attr, value }) => attr === 'training' && value.kind === 'Name' && value.id === each.parameters[0]?.name,
        ),
    )
  )
}

/** A class with a `train` of its own may set the probability there. */
const managesModes = ({ body }: ast.ClassDef): boolean =>
  body.some(each => each.kind === 'FunctionDef' && (each.name === 'train' || each.name === 'eval'))

/** Is the probability a number above 0, or an attribute of the module that is none of another mode's? */
function mayDrop(model: Model, call: ast.Call, self: string): boolean {
  const argument = model.argument(call, 'p', 1)
  if (argument.kind !== 'given') return argument.kind === 'absent'
  const constant = model.constant(argument.value)
  if (constant !== undefined) return typeof constant === 'number' && constant > 0
  return isOwn(argument.value, self)
}

/** `self.p`, `self.config.dropout`, `self.rates[0]`. */
function isOwn(expression: ast.Expression, self: string): boolean {
  if (expression.kind === 'Attribute' || expression.kind === 'Subscript') return isOwn(expression.value, self)
  return expression.kind === 'Name' && expression.id === self
}

const modeWords = /train|eval|infer|sampling|deterministic/i

/** Does the method ask for a mode before it gets there, or a comment say that dropout is meant to stay? */
function isSwitched(model: Model, call: ast.Call, method: ast.FunctionDef): boolean {
  const tests = [
    ...model.nodes('If', method).map(({ test }) => test),
    ...model.nodes('IfExp', method).map(({ test }) => test),
    ...model.nodes('BoolOp', method),
  ]
  return tests.some(test => test.start < call.start && namesMode(model, test)) || isExplained(model, call)
}

function namesMode(model: Model, node: ast.Node): boolean {
  if (node.kind === 'Name') return modeWords.test(node.id)
  if (node.kind === 'Attribute' && modeWords.test(node.attr)) return true
  return [...children(node)].some(child => namesMode(model, child))
}

const explanations = /always|monte|\bMC\b|bayes|uncertain|inference|at test|even (?:when|in|during)|始终|总是/i

function isExplained(model: Model, { start, end }: ast.Call): boolean {
  const before = model.text.lastIndexOf('\n', model.text.lastIndexOf('\n', start) - 1)
  const behind = model.text.indexOf('\n', end)
  const lines = [before, behind === -1 ? model.text.length : behind]
  return model.module.comments.some(
    comment =>
      comment.start > (lines[0] ?? 0) &&
      comment.end <= (lines[1] ?? 0) &&
      explanations.test(model.text.slice(comment.start, comment.end)),
  )
}
