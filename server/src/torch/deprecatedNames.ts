/** Uses of names that PyTorch has renamed or taken away, as the version that a script is meant for has them. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { hasAlternative, isAtLeast } from './deprecations.ts'
import { currentRelease, type Deprecation, deprecatedAttributes, deprecatedCallables } from './facts/deprecations.ts'
import { isProbe } from './probes.ts'
import { isVersionGuarded } from './versionGuards.ts'

export interface DeprecatedName {
  readonly fact: Deprecation
  /** The callee, or the attribute. */
  readonly node: ast.Expression
  /** Undefined for an attribute. */
  readonly call: ast.Call | undefined
  /** It raises in the version that the script is meant for. */
  readonly removed: boolean
}

export function deprecatedNames(model: Model, torchVersion: string | undefined): readonly DeprecatedName[] {
  const calls = byName(deprecatedCallables)
  const found = model.calls([...calls.keys()]).flatMap(call => {
    const callee = model.callee(call)
    const fact = callee.kind === 'symbol' ? calls.get(callee.name) : undefined
    return fact ? [{ fact, node: call.func, call }] : []
  })
  const uses = [...found, ...attributesOf(model)]
  return uses.flatMap(use => {
    const standing = standingOf(use.fact, torchVersion)
    if (standing === 'current' || isSeenTo(model, use.node, use.fact)) return []
    return [{ ...use, removed: standing === 'removed' }]
  })
}

/** What a version makes of a name: one whose successor it does not have is current. */
export function standingOf(
  { since, removed, successor }: Pick<Deprecation, 'since' | 'removed' | 'successor'>,
  torchVersion: string = currentRelease,
): 'current' | 'deprecated' | 'removed' {
  if (!isAtLeast(torchVersion, since) || !isAtLeast(torchVersion, successor.since)) return 'current'
  return removed !== undefined && isAtLeast(torchVersion, removed) ? 'removed' : 'deprecated'
}

/** Does the script choose by version, try what there is, or ask whether the name exists? */
export function isSeenTo(model: Model, node: ast.Node, { name, successor }: Pick<Deprecation, 'name' | 'successor'>) {
  const last = name.slice(name.lastIndexOf('.') + 1)
  return (
    isVersionGuarded(model, node) ||
    isProbe(model, node) ||
    isAskedFor(model, last) ||
    hasAlternative(model, node, successor.name)
  )
}

function isAskedFor(model: Model, name: string): boolean {
  return model
    .calls(['builtins.hasattr', 'builtins.getattr'])
    .some(({ args }) => args[1] && model.constant(args[1]) === name)
}

function attributesOf(model: Model): readonly Omit<DeprecatedName, 'removed'>[] {
  const facts = byName(deprecatedAttributes)
  return model.nodes('Attribute').flatMap(node => {
    if (!attributeNames.has(node.attr) || node.parent?.kind === 'Delete') return []
    const name = model.qualifiedName(node)
    const fact = name === undefined ? undefined : facts.get(name)
    return fact ? [{ fact, node, call: undefined }] : []
  })
}

const attributeNames = new Set(deprecatedAttributes.map(({ name }) => name.slice(name.lastIndexOf('.') + 1)))

function byName(facts: readonly Deprecation[]): ReadonlyMap<string, Deprecation> {
  return new Map(facts.map(fact => [fact.name, fact]))
}
