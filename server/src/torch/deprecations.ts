import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { type DeprecatedAmpName, deprecatedAmpNames } from './facts/amp.ts'
import { remember } from './remember.ts'

/** A call, or a decorator without parentheses, of a deprecated name. */
export interface DeprecatedUse {
  readonly fact: DeprecatedAmpName
  /** The callee, or the decorator's expression. */
  readonly callee: ast.Expression
  readonly call: ast.Call | undefined
}

/** The deprecated names of mixed precision whose successor a target version has. */
export function replaceableAmpNames(torchVersion: string | undefined): readonly DeprecatedAmpName[] {
  return deprecatedAmpNames.filter(
    ({ successor }) => torchVersion === undefined || isAtLeast(torchVersion, successor.since),
  )
}

/** A script that tries the successor first, or chooses between the two, has seen to it itself. */
export function deprecatedUses(model: Model, names: readonly DeprecatedAmpName[]): readonly DeprecatedUse[] {
  return names.flatMap(fact => {
    const { module, name } = fact.successor
    return usesOf(model, fact).filter(({ callee }) => !hasAlternative(model, callee, `${module}.${name}`))
  })
}

/** Whether a version such as `2.10.1` is not older than `2.4`. */
export function isAtLeast(version: string, other: string): boolean {
  const [a = 0, b = 0] = parts(version)
  const [c = 0, d = 0] = parts(other)
  return a > c || (a === c && b >= d)
}

function parts(version: string): readonly number[] {
  return version.split('.').map(part => Number.parseInt(part, 10))
}

function usesOf(model: Model, fact: DeprecatedAmpName): readonly DeprecatedUse[] {
  const calls = model.calls([fact.name]).map(call => ({ fact, callee: call.func, call }))
  const decorators = model
    .nodes('Decorator')
    .filter(({ expression }) => model.qualifiedName(expression) === fact.name)
    .map(({ expression }) => ({ fact, callee: expression, call: undefined }))
  return [...calls, ...decorators]
}

/** Does a condition or `try` around the use, or in its function, also lead to the successor? */
export function hasAlternative(model: Model, use: ast.Node, successor: string): boolean {
  return successorUses(model, successor).some(other => isAlternative(model, use, other))
}

/** Do the two stand in one `if` or `try`, or the other in one of the same function, so that only one of them runs? */
export function isAlternative(model: Model, use: ast.Node, other: ast.Node): boolean {
  const scope = model.scope(use)
  const fork = forkAround(other)
  return fork !== undefined && (encloses(fork, use) || (scope.kind === 'FunctionDef' && encloses(scope, fork)))
}

/** Where the script names the successor, under any of its names. */
function successorUses(model: Model, name: string): readonly ast.Node[] {
  const known = knownUses(model).get(name) ?? findUses(model, name)
  knownUses(model).set(name, known)
  return known
}

const knownUses = remember((): Map<string, readonly ast.Node[]> => new Map())

function findUses(model: Model, name: string): readonly ast.Node[] {
  const names = [name, name.replace('torch.amp.', 'torch.')]
  const last = name.slice(name.lastIndexOf('.') + 1)
  const attributes = model.nodes('Attribute').filter(({ attr }) => attr === last)
  const uses = [...model.nodes('Name'), ...attributes].filter(node => {
    const found = model.qualifiedName(node)
    return found !== undefined && names.includes(found)
  })
  const imports = model
    .nodes('ImportFrom')
    .filter(({ module, names: aliases }) => aliases.some(alias => names.includes(`${module}.${alias.name}`)))
  return [...uses, ...imports]
}

function forkAround(node: ast.Node): ast.Node | undefined {
  let current = node.parent
  while (current && current.kind !== 'If' && current.kind !== 'IfExp' && current.kind !== 'Try') {
    if (current.kind === 'FunctionDef') return undefined
    current = current.parent
  }
  return current
}
