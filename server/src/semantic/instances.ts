import type * as ast from '../syntax/ast.ts'
import { type Analysis, isNone } from './analysis.ts'
import type { Certainty, Value } from './model.ts'

/** Is the value of the expression an instance of the class, or of one that derives from it? */
export function isInstanceOf(analysis: Analysis, expression: ast.Expression, className: string): Certainty {
  const values = analysis.values(expression)
  const objects = isUsedAsObject(analysis, expression) ? values.filter(value => !isNone(value)) : values
  return agreed(objects.map(value => isValueInstance(analysis, value, className)))
}

/** An object whose attribute is read, or that a library is called with, is not None there. */
function isUsedAsObject(analysis: Analysis, expression: ast.Expression): boolean {
  const { parent } = expression
  if (parent?.kind === 'Attribute') return true
  if (parent?.kind !== 'Call' || parent.func === expression) return false
  return analysis.values(parent.func).every(callee => callee.kind === 'symbol')
}

function isValueInstance(analysis: Analysis, value: Value, className: string): Certainty {
  switch (value.kind) {
    case 'instance':
      return typeof value.of === 'string'
        ? isImportedInstance(analysis, value.of, value.creation, className)
        : isOwnInstance(analysis, value.of, value.creation !== undefined, className)
    case 'class':
    case 'function':
    case 'expression':
      return 'no'
    default:
      return 'unknown'
  }
}

/** What the class itself has not made may be of a class derived from it. */
function isImportedInstance(
  analysis: Analysis,
  of: string,
  creation: ast.Call | undefined,
  className: string,
): Certainty {
  const certainty = derives(analysis, of, className, new Set())
  if (certainty !== 'no') return certainty
  const made = creation ? analysis.values(creation.func) : []
  if (made.some(value => value.kind === 'symbol' && value.name === of)) return 'no'
  return derives(analysis, className, of, new Set()) === 'no' ? 'no' : 'unknown'
}

function isOwnInstance(analysis: Analysis, node: ast.ClassDef, exact: boolean, className: string): Certainty {
  const certainty = derivesOwn(analysis, node, className)
  if (certainty !== 'no' || exact) return certainty
  const derived = analysis.classes.descendants(node).map(each => derivesOwn(analysis, each, className))
  return derived.every(each => each === 'no') ? 'no' : 'unknown'
}

function derivesOwn(analysis: Analysis, node: ast.ClassDef, className: string): Certainty {
  const { imported, open } = analysis.classes.ancestry(node)
  const bases = imported.map(base => derives(analysis, base, className, new Set()))
  if (bases.includes('yes')) return 'yes'
  return open || bases.includes('unknown') ? 'unknown' : 'no'
}

/** Of two imported classes; unknown where nothing is known of the first one's bases. */
function derives(analysis: Analysis, name: string, className: string, seen: Set<string>): Certainty {
  if (name === className) return 'yes'
  if (seen.has(name)) return 'no'
  seen.add(name)
  const bases = analysis.library.bases(name)
  if (!bases) return 'unknown'
  const certainties = bases.map(base => derives(analysis, base, className, seen))
  if (certainties.includes('yes')) return 'yes'
  return certainties.includes('unknown') ? 'unknown' : 'no'
}

function agreed(certainties: readonly Certainty[]): Certainty {
  const [first = 'unknown'] = certainties
  return certainties.every(certainty => certainty === first) ? first : 'unknown'
}
