import type * as ast from '../syntax/ast.ts'
import type { Analysis } from './analysis.ts'
import { parameterFor } from './arguments.ts'
import { isBoundCall } from './calls.ts'
import type { Value } from './model.ts'
import type { Variable } from './scopes.ts'

/**
 * Whether the contents of a display are still what its text says wherever it is read. A tuple cannot change; of a list,
 * dict or set, every variable, attribute and parameter that holds it must only be read.
 */
export function createContainers(analysis: Analysis): { isOnlyRead(display: ast.Expression): boolean } {
  const isOnlyRead = analysis.memoise(false, isHolderOnlyRead)
  const isVariableOnlyRead = analysis.memoise(
    false,
    (variable: Variable): boolean =>
      variable.scope.kind !== 'ClassDef' &&
      analysis.names.uses(variable).every(isReading) &&
      variable.definitions.every(definition => definition.source.kind !== 'opaque'),
  )

  function isHolderOnlyRead(display: ast.Expression): boolean {
    const parent = display.parent
    switch (parent?.kind) {
      case 'Assign':
        return parent.targets.every(isTargetOnlyRead)
      case 'AnnAssign':
      case 'NamedExpr':
        return isTargetOnlyRead(parent.target)
      default:
        // Read where it stands: an iterable, an argument, a subscripted display.
        return isReading(display)
    }
  }

  function isTargetOnlyRead(target: ast.Expression): boolean {
    switch (target.kind) {
      case 'Name': {
        const variable = analysis.names.variable(target)
        return variable === undefined || isVariableOnlyRead(variable)
      }
      case 'Attribute':
        // Any object's attribute of this name may be this one.
        return (analysis.survey.attributesByName.get(target.attr) ?? []).every(use => {
          const binding = analysis.survey.attributeDefinitionAt.get(use)
          return binding ? binding.source.kind !== 'opaque' : isReading(use)
        })
      default:
        // Unpacked at once.
        return target.kind === 'Tuple' || target.kind === 'List'
    }
  }

  /** Is the use one that neither changes the container nor hands it to something that may? */
  function isReading(use: ast.Expression): boolean {
    const parent = use.parent
    switch (parent?.kind) {
      case 'Subscript':
        return parent.value === use && !analysis.survey.itemSourceAt.has(parent)
      case 'Attribute':
        return readingMethods.has(parent.attr)
      case 'For':
      case 'Comprehension':
        return parent.iter === use
      case 'Assign':
        return parent.value === use && parent.targets.every(target => target.kind === 'Tuple' || target.kind === 'List')
      case 'Call':
        return parent.func !== use && isHarmless(parent, use)
      case 'Keyword':
        return parent.parent?.kind === 'Call' && (parent.arg === undefined || isHarmless(parent.parent, use))
      case 'Starred':
      case 'Compare':
      case 'BinOp':
      case 'UnaryOp':
      case 'If':
      case 'While':
      case 'JoinedStr':
      case 'Expr':
        return true
      case 'IfExp':
        return parent.test === use
      default:
        return false
    }
  }

  /** Imported functions are taken to leave their arguments as they are, but for those that are there to change them. */
  function isHarmless(call: ast.Call, argument: ast.Expression): boolean {
    return analysis.values(call.func).every(callee => {
      if (callee.kind === 'symbol') return !changing.has(callee.name.slice(callee.name.lastIndexOf('.') + 1))
      const code = codeOf(callee)
      const parameter = code && parameterFor(call, argument, code, isBoundCall(analysis, call, code))
      const definition = parameter && analysis.survey.definitionAt.get(parameter)
      const variable = definition && analysis.names.lookup(definition.name, definition.site)
      return variable !== undefined && isVariableOnlyRead(variable)
    })
  }

  /** The function of the file that runs. */
  function codeOf(callee: Value): ast.FunctionLike | undefined {
    if (callee.kind === 'function') return callee.node
    if (callee.kind !== 'class') return undefined
    const [method, ...others] = analysis.members(callee, '__init__')
    return method?.kind === 'function' && others.length === 0 ? method.node : undefined
  }

  return { isOnlyRead: display => display.kind === 'Tuple' || isOnlyRead(display) }
}

const readingMethods: ReadonlySet<string> = new Set(['items', 'keys', 'values', 'get', 'index', 'count', 'copy'])

const changing: ReadonlySet<string> = new Set([
  'append',
  'extend',
  'add',
  'update',
  'insert',
  'setattr',
  'setdefault',
  'shuffle',
  'heapify',
  'heappush',
  'heappop',
  'insort',
  'insort_left',
  'insort_right',
  'put',
  'iter',
  'partial',
])
