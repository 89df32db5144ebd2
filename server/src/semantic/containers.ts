import type * as ast from '../syntax/ast.ts'
import type { Analysis } from './analysis.ts'
import { parameterFor } from './arguments.ts'
import { isBoundCall } from './calls.ts'
import type { Value } from './model.ts'
import type { Variable } from './scopes.ts'

/** What has become of a container since its display, in the whole file and at any time. */
export interface Contents {
  /** False if something may have changed it that cannot be followed. */
  readonly isKnown: boolean
  /** What is added by `xs.append(value)` and `d[key] = value`. */
  readonly added: readonly Entry[]
}

export interface Entry {
  readonly key: ast.Expression | undefined
  readonly value: ast.Expression
}

const unchanged: Contents = { isKnown: true, added: [] }
const changed: Contents = { isKnown: false, added: [] }

/**
 * Follows the contents of displays. A tuple cannot change; a list, dict or set is what its display says, and what is
 * added, if every variable, attribute and parameter that holds it is only read or added to.
 */
export function createContainers(analysis: Analysis): (display: ast.Expression) => Contents {
  const contentsOfHolder = analysis.memoise(changed, usesOfHolder)
  const contentsOfVariable = analysis.memoise(changed, (variable: Variable): Contents => {
    // A variable of another file may be changed from anywhere.
    const isLocal = variable.scope.kind !== 'Module' || variable.scope === analysis.main.module
    const isFollowed = isLocal && variable.scope.kind !== 'ClassDef' && variable.definitions.every(isNoChange)
    return isFollowed ? together(analysis.names.uses(variable), usesOf) : changed
  })
  return display => (display.kind === 'Tuple' ? unchanged : contentsOfHolder(display))

  function usesOfHolder(display: ast.Expression): Contents {
    const parent = display.parent
    switch (parent?.kind) {
      case 'Assign':
        return together(parent.targets, usesOfTarget)
      case 'AnnAssign':
      case 'NamedExpr':
        return usesOfTarget(parent.target)
      default:
        // Used where it stands: an iterable, an argument, a subscripted display.
        return usesOf(display)
    }
  }

  function usesOfTarget(target: ast.Expression): Contents {
    switch (target.kind) {
      case 'Name': {
        const variable = analysis.names.variable(target)
        return variable ? contentsOfVariable(variable) : unchanged
      }
      case 'Attribute':
        // Any object's attribute of this name may be this one.
        return together(attributesNamed(target), use => {
          const definition = analysis.survey(use).attributeDefinitionAt.get(use)
          if (definition) return isNoChange(definition) ? unchanged : changed
          return usesOf(use)
        })
      default:
        // Unpacked at once.
        return target.kind === 'Tuple' || target.kind === 'List' ? unchanged : changed
    }
  }

  function attributesNamed(target: ast.Attribute): readonly ast.Attribute[] {
    return analysis.surveysAround(target).flatMap(each => each.attributesByName.get(target.attr) ?? [])
  }

  /** What one use does to the container, itself or by handing it on. */
  function usesOf(use: ast.Expression): Contents {
    const parent = use.parent
    switch (parent?.kind) {
      case 'Subscript':
        return parent.value === use ? usesOfItem(parent) : changed
      case 'Attribute':
        return readingMethods.has(parent.attr) ? unchanged : appended(parent)
      case 'For':
      case 'Comprehension':
        return parent.iter === use ? unchanged : changed
      case 'Assign':
        return parent.value === use && parent.targets.every(isSequence) ? unchanged : changed
      case 'Call':
        return parent.func === use ? changed : usesOfCall(parent, use)
      case 'Keyword':
        if (parent.parent?.kind !== 'Call') return changed
        return parent.arg === undefined ? unchanged : usesOfCall(parent.parent, use)
      case 'Starred':
      case 'Compare':
      case 'BinOp':
      case 'UnaryOp':
      case 'If':
      case 'While':
      case 'JoinedStr':
      case 'Expr':
        return unchanged
      case 'IfExp':
        return parent.test === use ? unchanged : changed
      default:
        return changed
    }
  }

  function usesOfItem(item: ast.Subscript): Contents {
    const source = analysis.survey(item).itemSourceAt.get(item)
    if (!source || source.kind === 'deleted') return unchanged
    if (source.kind !== 'value' || source.path.length > 0 || item.slice.kind === 'Slice') return changed
    return { isKnown: true, added: [{ key: item.slice, value: source.expression }] }
  }

  /** Imported functions are taken to leave their arguments as they are, but for those that are there to change them. */
  function usesOfCall(call: ast.Call, argument: ast.Expression): Contents {
    return together(analysis.values(call.func), callee => {
      if (callee.kind === 'symbol') return changing.has(lastPart(callee.name)) ? changed : unchanged
      const code = codeOf(callee)
      const parameter = code && parameterFor(call, argument, code, isBoundCall(analysis, call, code))
      const definition = parameter && analysis.survey(parameter).definitionAt.get(parameter)
      const variable = definition && analysis.names.lookup(definition.name, definition.site)
      return variable ? contentsOfVariable(variable) : changed
    })
  }

  /** The function of the file that runs. */
  function codeOf(callee: Value): ast.FunctionLike | undefined {
    if (callee.kind === 'function') return callee.node
    if (callee.kind !== 'class') return undefined
    const [method, ...others] = analysis.members(callee, '__init__')
    return method?.kind === 'function' && others.length === 0 ? method.node : undefined
  }
}

function together<T>(uses: readonly T[], contentsOf: (use: T) => Contents): Contents {
  const added: Entry[] = []
  for (const use of uses) {
    const contents = contentsOf(use)
    if (!contents.isKnown) return changed
    added.push(...contents.added)
  }
  return added.length === 0 ? unchanged : { isKnown: true, added }
}

/** `xs.append(value)`. */
function appended(method: ast.Attribute): Contents {
  const call = method.parent
  const [value, ...others] = call?.kind === 'Call' && call.func === method ? call.args : []
  if ((method.attr !== 'append' && method.attr !== 'add') || !value || others.length > 0) return changed
  return value.kind === 'Starred' ? changed : { isKnown: true, added: [{ key: undefined, value }] }
}

/** `xs += more` changes the container itself. */
function isNoChange({ source }: { readonly source: { readonly kind: string } }): boolean {
  return source.kind !== 'opaque'
}

function isSequence(target: ast.Expression): boolean {
  return target.kind === 'Tuple' || target.kind === 'List'
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

const readingMethods: ReadonlySet<string> = new Set(['items', 'keys', 'values', 'get', 'index', 'count', 'copy'])

const changing: ReadonlySet<string> = new Set(
  (
    'append extend add update insert setattr setdefault shuffle heapify heappush heappop insort insort_left ' +
    'insort_right put iter partial'
  ).split(' '),
)
