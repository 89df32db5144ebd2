/** How a file, this one or one that it imports, uses the attributes of its classes, by their names. */
import type * as ast from '../../syntax/ast.ts'
import { walk } from '../../syntax/walk.ts'

export interface AttributeUses {
  readonly uses: ReadonlyMap<string, readonly ast.Attribute[]>
  /** Those that a method other than the constructor sets: what they are hangs on who has been called. */
  readonly setLater: ReadonlySet<string>
}

export function attributeUses(module: ast.Module): AttributeUses {
  const known = answers.get(module)
  if (known) return known
  const uses = new Map<string, ast.Attribute[]>()
  const setLater = new Set<string>()
  for (const node of module.body.flatMap(nodesWithin)) {
    if (node.kind !== 'Attribute') continue
    const others = uses.get(node.attr)
    if (others) others.push(node)
    else uses.set(node.attr, [node])
    const isOwn = node.value.kind === 'Name' && node.value.id === 'self'
    if (isOwn && isTarget(node) && methodAround(node) !== '__init__') setLater.add(node.attr)
  }
  const answer = { uses, setLater }
  answers.set(module, answer)
  return answer
}

const answers = new WeakMap<ast.Module, AttributeUses>()

/** A node and everything in it, in source order. */
export function nodesWithin(node: ast.Node): readonly ast.Node[] {
  const found: ast.Node[] = []
  walk(node, each => {
    found.push(each)
  })
  return found
}

function isTarget(node: ast.Attribute): boolean {
  const { parent } = node
  if (parent?.kind === 'Assign') return parent.targets.includes(node)
  return (parent?.kind === 'AugAssign' || parent?.kind === 'AnnAssign') && parent.target === node
}

function methodAround(node: ast.Node): string | undefined {
  for (let at = node.parent; at; at = at.parent) if (at.kind === 'FunctionDef') return at.name
  return undefined
}
