/** The model's answers as the words of the Markdown cases. */
import type { Model, Place, Scope, Value } from '../../server/src/semantic/model.ts'
import type * as ast from '../../server/src/syntax/ast.ts'
import { lineAt, lineStarts } from '../../server/src/syntax/lines.ts'

export function answer(model: Model, question: string, node: ast.Node, parameters: readonly string[]): string {
  const expression = node as ast.Expression
  const [first = '', second = ''] = parameters
  switch (question) {
    case 'values':
      return model
        .values(expression)
        .map(value => describeValue(model, value))
        .sort()
        .join(' | ')
    case 'name':
      return model.qualifiedName(expression) ?? 'nothing'
    case 'place':
      return describePlace(model, model.place(expression))
    case 'callee':
      return node.kind === 'Call' ? describeCallee(model, node) : 'not a call'
    case 'constant': {
      const literal = model.constant(expression)
      return literal === undefined ? 'nothing' : JSON.stringify(literal)
    }
    case 'isInstance':
      return model.isInstance(expression, first)
    case 'argument': {
      if (node.kind !== 'Call') return 'not a call'
      const argument = model.argument(node, first, second === '-' ? undefined : Number(second))
      return argument.kind === 'given' ? textOf(model, argument.value) : argument.kind
    }
    case 'sites': {
      const sites = node.kind === 'FunctionDef' || node.kind === 'Lambda' ? model.callSites(node) : undefined
      return sites ? `lines ${sites.map(call => lineOf(model, call)).join(', ')}`.trim() : 'nothing'
    }
    case 'scope':
      return describeScope(model.scope(node))
    case 'loops':
      return (
        model
          .loops(node)
          .map(loop => `${loop.kind} (line ${lineOf(model, loop)})`)
          .join(', ') || 'none'
      )
    case 'contexts':
      return (
        model
          .contexts(node)
          .map(context => textOf(model, context))
          .join(', ') || 'none'
      )
    case 'calls':
      return (
        model
          .calls([first], node)
          .map(call => textOf(model, call))
          .join(', ') || 'none'
      )
    case 'nodes':
      return (
        model
          .nodes(first as ast.Kind, node)
          .map(each => textOf(model, each))
          .join(', ') || 'none'
      )
    default:
      return 'no such question'
  }
}

function describeValue(model: Model, value: Value): string {
  switch (value.kind) {
    case 'symbol':
      return value.name
    case 'class':
      return `class ${value.node.name}`
    case 'function': {
      const name = value.node.kind === 'Lambda' ? 'lambda' : value.node.name
      return value.receiver ? `function ${name} of ${describeValue(model, value.receiver)}` : `function ${name}`
    }
    case 'instance': {
      const of = typeof value.of === 'string' ? value.of : value.of.name
      return value.creation ? `new ${of} (line ${lineOf(model, value.creation)})` : `some ${of}`
    }
    case 'result':
      return `result of ${value.of} (line ${lineOf(model, value.call)})`
    case 'parameter':
      return `parameter ${value.parameter.name}`
    case 'expression':
      return textOf(model, value.node)
    case 'unknown':
      return 'unknown'
  }
}

function describePlace(model: Model, place: Place | undefined): string {
  switch (place?.kind) {
    case undefined:
      return 'nothing'
    case 'creation':
      return `${textOf(model, place.call.func)}() of line ${lineOf(model, place.call)}`
    case 'variable':
      return `variable ${place.name} of ${describeScope(place.scope)}`
    case 'parameter':
      return `parameter ${place.name} of ${describeScope(place.function)}`
    case 'self':
      return `self of ${place.class.name}`
    case 'symbol':
      return place.name
    case 'attribute':
      return `${describePlace(model, place.base)} . ${place.name}`
    case 'element':
      return `${describePlace(model, place.base)} [${JSON.stringify(place.index)}]`
  }
}

function describeCallee(model: Model, call: ast.Call): string {
  const callee = model.callee(call)
  switch (callee.kind) {
    case 'symbol':
      return callee.name
    case 'class':
      return `class ${callee.node.name}`
    case 'function': {
      const name = callee.node.kind === 'Lambda' ? 'lambda' : callee.node.name
      const where = `function ${name} (line ${lineOf(model, callee.node)})`
      return callee.receiver ? `${where} on ${textOf(model, callee.receiver)}` : where
    }
    case 'unknown':
      return 'unknown'
  }
}

function describeScope(scope: Scope): string {
  if (scope.kind === 'Module' && scope.start > 0) return 'another Module'
  return scope.kind === 'FunctionDef' || scope.kind === 'ClassDef' ? scope.name : scope.kind
}

function textOf(model: Model, node: ast.Node): string {
  return model.textOf(node).replace(/\s+/g, ' ')
}

function lineOf(model: Model, node: ast.Node): string {
  const { text, start } = model.moduleOf(node)
  const line = lineAt(lineStarts(text), node.start - start) + 1
  return start > 0 ? `${line} elsewhere` : String(line)
}
