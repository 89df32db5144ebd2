/**
 * Moves uses of an imported name to its successor in another module, imports included. A file works after each fix, so an
 * import moves only together with every use of what it binds:
 *
 *     from torch.cuda.amp import GradScaler, autocast      from torch.amp import GradScaler, autocast
 *     scaler = GradScaler()                                scaler = GradScaler("cuda")
 *     with autocast():                                     with autocast("cuda"):
 *
 * Where one of the uses cannot be rewritten, the import stays, and a use is rewritten alone, by its qualified name.
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { inOrder, insertAfter, replace } from './edits.ts'
import { reference } from './imports.ts'
import type { Edit } from './rule.ts'

export interface Migration {
  /** The successor of a name, or of a module; undefined if it has none. */
  successor(qualifiedName: string): string | undefined
  /** What else a use of an old name needs; undefined if it cannot be rewritten. The use is a callee or a decorator. */
  rewrite(use: ast.Expression): readonly Edit[] | undefined
}

export interface Migrated {
  readonly edits: readonly Edit[]
  /** The number of calls and decorators that they rewrite. */
  readonly count: number
}

/** Moves one use, and all that must move with it; undefined if it cannot be moved. */
export function migrate(model: Model, use: ast.Expression, migration: Migration): Migrated | undefined {
  const own = migration.rewrite(use)
  if (!own) return undefined
  const name = use.kind === 'Attribute' ? use.value : use
  const statement = name.kind === 'Name' ? importOf(model, name) : undefined
  const moved = statement && moveImport(model, statement, name, migration)
  if (moved) return moved
  const renamed = rename(model, use, migration)
  return renamed && { edits: inOrder([...renamed, ...own]), count: 1 }
}

type ImportStatement = ast.Import | ast.ImportFrom

/** The statement that binds a name, if it is the only import in its scope that does. */
function importOf(model: Model, name: ast.Name): ImportStatement | undefined {
  const binding = imports(model).filter(statement => statement.names.some(alias => boundName(alias) === name.id))
  for (let scope = model.scope(name); ; scope = model.scope(scope.parent ?? scope)) {
    const inScope = binding.filter(statement => model.scope(statement) === scope)
    if (inScope.length > 0 || scope.kind === 'Module') return inScope.length === 1 ? inScope[0] : undefined
    if (!scope.parent) {
      const inModule = binding.filter(statement => model.scope(statement) === model.module)
      return inModule.length === 1 ? inModule[0] : undefined
    }
  }
}

function imports(model: Model): readonly ImportStatement[] {
  return [...model.nodes('Import'), ...model.nodes('ImportFrom')]
}

function boundName(alias: ast.Alias): string {
  return alias.asname ?? alias.name.split('.')[0] ?? alias.name
}

/** Moves every name of the statement that can move, `name` among them, with all their uses. */
function moveImport(
  model: Model,
  statement: ImportStatement,
  name: ast.Expression,
  migration: Migration,
): Migrated | undefined {
  const moves = statement.names.flatMap(alias => moveAlias(model, statement, alias, migration) ?? [])
  if (!moves.some(({ uses }) => uses.some(use => use === name))) return undefined
  // To take some of the names out of a list with comments would lose one.
  const hasComment = model.module.comments.some(({ start }) => statement.start < start && start < statement.end)
  if (hasComment && moves.length < statement.names.length) return undefined
  const edits = [...importEdits(model, statement, moves), ...moves.flatMap(move => move.edits)]
  return { edits: inOrder(edits), count: moves.reduce((sum, { count }) => sum + count, 0) }
}

interface MovedAlias {
  readonly alias: ast.Alias
  readonly successor: string
  readonly uses: readonly ast.Name[]
  /** Of the uses, not of the import. */
  readonly edits: readonly Edit[]
  readonly count: number
}

function moveAlias(
  model: Model,
  statement: ImportStatement,
  alias: ast.Alias,
  migration: Migration,
): MovedAlias | undefined {
  if (statement.kind === 'Import' && alias.asname === undefined) return undefined
  const name = statement.kind === 'Import' ? alias.name : `${statement.module}.${alias.name}`
  const uses = model.nodes('Name').filter(use => use.id === boundName(alias) && importOf(model, use) === statement)
  const target = uses[0] && model.qualifiedName(uses[0])
  const successor = target !== undefined && target !== '' ? migration.successor(target) : undefined
  if (successor === undefined) return undefined
  const newName = lastPart(successor)
  const isRenamed = newName !== lastPart(name)
  // A module whose uses go on as `module.name` keeps its name, and a new name must not be another thing's already.
  if (isRenamed && (statement.kind === 'Import' || (alias.asname === undefined && isBound(model, newName))))
    return undefined
  const rewritten = uses.map(use =>
    model.qualifiedName(use) === target ? rewriteUse(model, use, migration) : undefined,
  )
  if (!rewritten.every(edits => edits !== undefined)) return undefined
  const renames = isRenamed && alias.asname === undefined ? uses.map(use => replace(use, newName)) : []
  const count = isRenamed ? uses.length : rewritten.filter(edits => edits.length > 0).length
  return { alias, successor, uses, edits: [...renames, ...rewritten.flat()], count }
}

function isBound(model: Model, name: string): boolean {
  return (
    model.nodes('Name').some(({ id }) => id === name) ||
    model.nodes('Parameter').some(parameter => parameter.name === name) ||
    imports(model).some(({ names }) => names.some(alias => boundName(alias) === name))
  )
}

/** A call or decorator is rewritten; an annotation or `isinstance` goes on to mean what it meant. */
function rewriteUse(model: Model, use: ast.Name, migration: Migration): readonly Edit[] | undefined {
  const whole = use.parent?.kind === 'Attribute' ? use.parent : use
  const name = model.qualifiedName(whole)
  if (name === undefined || migration.successor(name) === undefined) return undefined
  const { parent } = whole
  if (parent?.kind === 'Decorator' || (parent?.kind === 'Call' && parent.func === whole))
    return migration.rewrite(whole)
  return isAnnotation(whole) || isInstanceCheck(model, whole) ? [] : undefined
}

function isAnnotation(node: ast.Expression): boolean {
  const { parent } = node
  if (parent?.kind === 'Parameter' || parent?.kind === 'AnnAssign') return parent.annotation === node
  if (parent?.kind === 'FunctionDef') return parent.returns === node
  return (parent?.kind === 'Subscript' || parent?.kind === 'BinOp') && isAnnotation(parent)
}

function isInstanceCheck(model: Model, node: ast.Expression): boolean {
  const { parent } = node
  return (
    parent?.kind === 'Call' && parent.args[1] === node && model.qualifiedName(parent.func) === 'builtins.isinstance'
  )
}

function importEdits(model: Model, statement: ImportStatement, moves: readonly MovedAlias[]): readonly Edit[] {
  if (statement.kind === 'Import')
    return moves.map(({ alias, successor }) =>
      replace({ start: alias.start, end: alias.start + alias.name.length }, successor),
    )
  const modules = new Set(moves.map(({ successor }) => moduleOf(successor)))
  const names = moves.flatMap(({ alias, successor }) =>
    lastPart(successor) === alias.name
      ? []
      : [replace({ start: alias.start, end: alias.start + alias.name.length }, lastPart(successor))],
  )
  if (modules.size === 1 && modules.has(statement.module)) return names
  if (moves.length === statement.names.length && modules.size === 1) {
    const start = model.text.indexOf(statement.module, statement.start + 'from'.length)
    return [replace({ start, end: start + statement.module.length }, [...modules].join()), ...names]
  }
  const lines = [...modules].map(module => {
    const moved = moves
      .filter(({ successor }) => moduleOf(successor) === module)
      .map(({ alias, successor }) => lastPart(successor) + model.text.slice(alias.start + alias.name.length, alias.end))
    return `from ${module} import ${moved.join(', ')}`
  })
  const kept = statement.names.filter(alias => !moves.some(move => move.alias === alias))
  const keptNames = kept.map(alias => model.text.slice(alias.start, alias.end)).join(', ')
  const first = statement.names[0] ?? statement
  const last = statement.names.at(-1) ?? statement
  return [replace({ start: first.start, end: last.end }, keptNames), ...insertAfter(model, statement, lines)]
}

/** `torch.cuda.amp.autocast` → `torch.amp.autocast`, in place, or by whatever name the file has for it. */
function rename(model: Model, use: ast.Expression, migration: Migration): readonly Edit[] | undefined {
  const name = model.qualifiedName(use)
  const successor = name === undefined ? undefined : migration.successor(name)
  if (successor === undefined) return undefined
  const root = rootOf(use)
  const library = successor.split('.')[0] ?? ''
  if (model.qualifiedName(root) === library) {
    const path = successor.slice(library.length)
    return [replace(use, model.text.slice(root.start, root.end) + path)]
  }
  const found = reference(model, successor, use)
  return found && [...found.edits, replace(use, found.text)]
}

function rootOf(node: ast.Expression): ast.Expression {
  return node.kind === 'Attribute' ? rootOf(node.value) : node
}

function moduleOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'))
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
