import type * as ast from '../syntax/ast.ts'
import type { Analysis } from './analysis.ts'
import { calledNames, callsOneOf } from './callee.ts'
import { nodesWithin } from './nodes.ts'

/** Finds the calls of names. Rules ask dozens of times, so what each call may call is looked up once. */
export function createCallIndex(
  analysis: Analysis,
): (names: readonly string[], within?: ast.Node) => readonly ast.Call[] {
  let index: ReadonlyMap<string, readonly ast.Call[]> | undefined
  return (names, within) => {
    const wanted = new Set(names)
    if (within && analysis.file(within) !== analysis.main)
      return analysis.nodes('Call', within).filter(call => callsOneOf(analysis, call, wanted))
    index ??= indexCalls(analysis)
    const candidates = new Set([...wanted].flatMap(name => index?.get(name) ?? []))
    const calls = [...candidates].sort((a, b) => a.start - b.start || b.end - a.end)
    return (within ? nodesWithin(calls, within) : calls).filter(call => callsOneOf(analysis, call, wanted))
  }
}

/** The calls by every name that the first value of what they call has, also by inheritance. */
function indexCalls(analysis: Analysis): ReadonlyMap<string, readonly ast.Call[]> {
  const index = new Map<string, ast.Call[]>()
  for (const call of analysis.nodes('Call'))
    for (const name of calledNames(analysis, call)) {
      const known = index.get(name)
      if (known) known.push(call)
      else index.set(name, [call])
    }
  return index
}
