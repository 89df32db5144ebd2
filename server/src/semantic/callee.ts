import type * as ast from '../syntax/ast.ts'
import type { Analysis, Values } from './analysis.ts'
import { callMethod } from './calls.ts'
import { firstInherited } from './knowledge.ts'
import type { Callee } from './model.ts'

const unknownCallee: Callee = { kind: 'unknown' }

/** What a call certainly calls. */
export function calleeOf(analysis: Analysis, call: ast.Call): Callee {
  const values = analysis.values(call.func)
  const [value, ...others] = values
  if (!value) return unknownCallee
  if (others.length > 0) return commonSymbol(analysis, values) ?? unknownCallee
  switch (value.kind) {
    case 'symbol':
      return value
    case 'class':
      return value
    case 'function': {
      const bound = value.receiver !== undefined && call.func.kind === 'Attribute'
      return { kind: 'function', node: value.node, receiver: bound ? call.func.value : undefined }
    }
    case 'instance': {
      if (typeof value.of === 'string') return { kind: 'symbol', name: `${value.of}.__call__` }
      const method = callMethod(analysis, value)
      return method ? { kind: 'function', node: method, receiver: call.func } : unknownCallee
    }
    default:
      return unknownCallee
  }
}

/** Of `GradScaler.step` and the same method of a class derived from it: the one that both are. */
function commonSymbol(analysis: Analysis, values: Values): Callee | undefined {
  for (const candidate of values) {
    if (candidate.kind !== 'symbol') return undefined
    const names = new Set([candidate.name])
    if (values.every(value => value.kind === 'symbol' && isNamed(analysis, value.name, names))) return candidate
  }
  return undefined
}

/** Whether everything that the call may call has one of these names, also by inheritance: `SGD.step` is `Optimizer.step`. */
export function callsOneOf(analysis: Analysis, call: ast.Call, names: ReadonlySet<string>): boolean {
  return analysis.values(call.func).every(value => {
    if (value.kind === 'symbol') return isNamed(analysis, value.name, names)
    return value.kind === 'instance' && typeof value.of === 'string' && isNamed(analysis, `${value.of}.__call__`, names)
  })
}

/** The names that the first value of what a call calls has, its own and those it inherits. */
export function calledNames(analysis: Analysis, call: ast.Call): ReadonlySet<string> {
  const names = new Set<string>()
  const [value] = analysis.values(call.func)
  const own =
    value?.kind === 'symbol'
      ? value.name
      : value?.kind === 'instance' && typeof value.of === 'string'
        ? `${value.of}.__call__`
        : undefined
  if (own === undefined) return names
  firstInherited(own, analysis.library.bases, name => {
    names.add(name)
    return undefined
  })
  return names
}

function isNamed(analysis: Analysis, name: string, names: ReadonlySet<string>): boolean {
  return firstInherited(name, analysis.library.bases, each => names.has(each) || undefined) ?? false
}
