import type * as ast from '../syntax/ast.ts'
import { type Analysis, isNone, union, unionOf, unknownValues, type Values } from './analysis.ts'
import { awaitedValues, callValues } from './calls.ts'
import type { Source } from './definitions.ts'
import { elementValues } from './elements.ts'
import { importedBy, importedValues, unboundValues } from './imports.ts'
import { promised, receiverValues } from './refine.ts'
import { superOwner } from './supers.ts'

/** What an expression may evaluate to. The dispatch over its kinds; `Analysis` says where the parts are. */
export function evaluate(analysis: Analysis, node: ast.Expression): Values {
  switch (node.kind) {
    case 'Name':
      return nameValues(analysis, node)
    case 'Attribute':
      return attributeValues(analysis, node)
    case 'Call':
      return callValues(analysis, node)
    case 'Subscript':
      return elementValues(analysis, node)
    case 'NamedExpr':
      return analysis.values(node.value)
    case 'IfExp':
      return unionOf([node.body, node.orelse], analysis.values)
    case 'BoolOp':
      return booleanValues(analysis, node)
    case 'Await':
      return awaitedValues(analysis, node)
    case 'Lambda':
      return [{ kind: 'function', node, receiver: undefined }]
    case 'Starred':
    case 'Yield':
    case 'YieldFrom':
    case 'Slice':
    case 'ErrorExpression':
      return unknownValues
    default:
      return [{ kind: 'expression', node }]
  }
}

/** The values of everything that may be bound at a definition's source. */
export function evaluateSource(analysis: Analysis, source: Source): Values {
  switch (source.kind) {
    case 'value': {
      const values = analysis.pathValues(source.expression, source.path)
      return source.annotation ? promised(analysis, values, source.annotation) : values
    }
    case 'annotation':
      return analysis.annotationValues(source.annotation)
    case 'exception':
      return analysis.annotationValues(source.type)
    case 'import': {
      const imported = importedBy(analysis, source)
      return imported
        ? importedValues(analysis, imported, source.name)
        : [{ kind: 'symbol', name: analysis.library.canonical(source.name) }]
    }
    case 'function':
      return [{ kind: 'function', node: source.node, receiver: undefined }]
    case 'class':
      return [{ kind: 'class', node: source.node }]
    case 'parameter':
      return analysis.parameterValues(source.function, source.parameter)
    case 'opaque':
      return unknownValues
    case 'deleted':
      return []
  }
}

function nameValues(analysis: Analysis, node: ast.Name): Values {
  const binding = analysis.survey(node).definitionAt.get(node)
  if (binding) return analysis.sourceValues(binding.source)
  const { definitions, unbound, complete } = analysis.names.reaching(node)
  if (!complete) return unknownValues
  const bound = definitions.map(definition => analysis.sourceValues(definition.source))
  if (!unbound) return union(bound)
  // A name that is bound on some ways only is an error on the others, unless there is another meaning to it.
  const otherwise = unboundValues(analysis, node.id, node)
  return bound.length > 0 && otherwise === unknownValues ? union(bound) : union([...bound, otherwise])
}

function attributeValues(analysis: Analysis, node: ast.Attribute): Values {
  const owner = superOwner(analysis, node.value)
  if (owner) return analysis.superMembers(owner, node.attr)
  return unionOf(receiverValues(analysis, node.value), value => analysis.members(value, node.attr))
}

/** `x or y` is never a None on the left; `x and y` may be whatever of x is false. */
function booleanValues(analysis: Analysis, node: ast.BoolOp): Values {
  const last = node.values.length - 1
  return unionOf(node.values, value => {
    const values = analysis.values(value)
    if (node.op === 'and' || value === node.values[last]) return values
    return values.filter(each => !isNone(each))
  })
}
