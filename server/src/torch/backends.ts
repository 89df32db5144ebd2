import type { Model } from '../semantic/model.ts'
import { nearestName } from '../spelling.ts'
import type * as ast from '../syntax/ast.ts'
import { type BackendFact, backends, backendsOwnNames, otherBackends } from './facts/backends.ts'

/** A use of a name that a backend module does not have. */
export interface UnknownFlag {
  readonly node: ast.Attribute
  /** `torch.backends.cudnn`. */
  readonly module: string
  /** What was probably meant, as a path from the module: `benchmark`, `matmul.allow_tf32`. */
  readonly meant: string | undefined
  /** Assigning it has no effect; otherwise it raises. */
  readonly isSilent: boolean
}

/**
 * Attributes of `torch.backends` that do not exist. Modules change from version to version: a name that nothing known
 * resembles is reported only where it is assigned, and a script that checks whether a name exists knows what it does.
 */
export function unknownFlags(model: Model): readonly UnknownFlag[] {
  return model.nodes('Attribute').flatMap(node => {
    const flag = node.attr.startsWith('_') ? undefined : unknownFlag(model, node)
    return flag && !isProbed(model, node) ? [flag] : []
  })
}

/** Where a script looks for the backends in vain, and where they are. */
const misplaced: Readonly<Record<string, string>> = {
  'torch.cudnn': 'backends.cudnn',
  'torch.backend': 'backends',
}

function unknownFlag(model: Model, node: ast.Attribute): UnknownFlag | undefined {
  const module = model.qualifiedName(node.value)
  if (module === undefined || !(module === 'torch' || module.startsWith('torch.backends'))) return undefined
  if (module === 'torch') {
    const name = `torch.${node.attr}`
    const meant = Object.hasOwn(misplaced, name) ? misplaced[name] : undefined
    return meant === undefined ? undefined : { node, module, meant, isSilent: false }
  }
  if (module === 'torch.backends') {
    const known = [
      ...Object.keys(backends).map(name => name.split('.')[2] ?? ''),
      ...otherBackends,
      ...backendsOwnNames,
    ]
    const meant = known.includes(node.attr) ? undefined : nearestName(node.attr, [...new Set(known)])
    return meant === undefined ? undefined : { node, module, meant, isSilent: isAssigned(node) }
  }
  const fact = Object.hasOwn(backends, module) ? backends[module] : undefined
  if (!fact || has(fact, node.attr)) return undefined
  const meant = nearest(module, fact, node)
  if (meant === undefined && (!isAssigned(node) || isReadElsewhere(model, node, module))) return undefined
  return { node, module, meant, isSilent: isAssigned(node) && !fact.rejectsUnknown }
}

function has(fact: BackendFact, name: string): boolean {
  return Object.hasOwn(fact.flags, name) || fact.names.includes(name)
}

function nearest(module: string, fact: BackendFact, node: ast.Attribute): string | undefined {
  const inside = fact.names.find(name => {
    const namespace = backends[`${module}.${name}`]
    return namespace && Object.hasOwn(namespace.flags, node.attr)
  })
  if (inside !== undefined) return `${inside}.${node.attr}`
  const flags = Object.keys(fact.flags)
  return nearestName(node.attr, isAssigned(node) ? flags : [...flags, ...fact.names])
}

function isAssigned(node: ast.Attribute): boolean {
  const { parent } = node
  return (
    (parent?.kind === 'Assign' && parent.targets.includes(node)) ||
    ((parent?.kind === 'AnnAssign' || parent?.kind === 'AugAssign') && parent.target === node)
  )
}

/** A module that serves as a place for the script's own variable. */
function isReadElsewhere(model: Model, { attr }: ast.Attribute, module: string): boolean {
  return model
    .nodes('Attribute')
    .some(other => other.attr === attr && !isAssigned(other) && model.qualifiedName(other.value) === module)
}

/** `hasattr(torch.backends.cuda, "matmul")`, `getattr(…)`, or a `try` around the use. */
function isProbed(model: Model, node: ast.Attribute): boolean {
  const isAskedFor = model
    .calls(['builtins.hasattr', 'builtins.getattr'])
    .some(({ args }) => args[1] && model.constant(args[1]) === node.attr)
  return isAskedFor || isTried(node)
}

function isTried(node: ast.Node): boolean {
  const { parent } = node
  if (!parent || parent.kind === 'FunctionDef') return false
  if (parent.kind === 'Try' && parent.handlers.length > 0 && parent.body.some(statement => statement === node))
    return true
  return isTried(parent)
}
