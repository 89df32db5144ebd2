import type * as ast from '../syntax/ast.ts'
import type { Analysis } from './analysis.ts'

/**
 * Whether the contents of a display are still what its text says wherever it is read. A tuple cannot change; of a list,
 * dict or set, every variable and attribute that holds it must only be read.
 */
export function isOnlyRead(analysis: Analysis, display: ast.Expression): boolean {
  return display.kind === 'Tuple' || isHolderOnlyRead(analysis, display)
}

function isHolderOnlyRead(analysis: Analysis, display: ast.Expression): boolean {
  const parent = display.parent
  switch (parent?.kind) {
    case 'Assign':
      return parent.targets.every(target => isTargetOnlyRead(analysis, target))
    case 'AnnAssign':
      return isTargetOnlyRead(analysis, parent.target)
    case 'NamedExpr':
      return isTargetOnlyRead(analysis, parent.target)
    default:
      // Read where it stands: an iterable, a subscripted display, the default of nothing that keeps it.
      return isReading(analysis, display)
  }
}

function isTargetOnlyRead(analysis: Analysis, target: ast.Expression): boolean {
  if (target.kind === 'Name') {
    const variable = analysis.names.variable(target)
    return (
      variable?.scope.kind !== 'ClassDef' &&
      (variable === undefined ||
        (analysis.names.uses(variable).every(use => isReading(analysis, use)) &&
          variable.definitions.every(definition => definition.source.kind !== 'opaque')))
    )
  }
  // Unpacked at once.
  if (target.kind === 'Tuple' || target.kind === 'List') return true
  if (target.kind !== 'Attribute') return false
  // Any object's attribute of this name may be this one.
  const same = analysis.survey.attributesByName.get(target.attr) ?? []
  return same.every(use => {
    const binding = analysis.survey.attributeDefinitionAt.get(use)
    return binding ? binding.source.kind !== 'opaque' : isReading(analysis, use)
  })
}

/** Is the use one that neither changes the container nor hands it to something that may? */
function isReading(analysis: Analysis, use: ast.Expression): boolean {
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
      return parent.func !== use && isHarmless(analysis, parent)
    case 'Keyword':
      return parent.parent?.kind === 'Call' && (parent.arg === undefined || isHarmless(analysis, parent.parent))
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
function isHarmless(analysis: Analysis, call: ast.Call): boolean {
  return analysis.values(call.func).every(callee => {
    if (callee.kind !== 'symbol') return false
    const last = callee.name.slice(callee.name.lastIndexOf('.') + 1)
    return !changing.has(last)
  })
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
