/** How a file can name something of a library: through the imports it has, or through one that an edit adds. */

import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { insertAfter, insertBefore } from './edits.ts'
import type { Edit } from './rule.ts'

export interface Reference {
  /** What to write at the place: `nn.utils.clip_grad_norm_`. */
  readonly text: string
  /** Adds the import that the text needs; empty if the file has it. */
  readonly edits: readonly Edit[]
}

/**
 * How to write a qualified name (`torch.nn.utils.clip_grad_norm_`) at a node: by the shortest name that the file's imports
 * allow there, else by its full name and a new import of its top-level package. Undefined if the file means something
 * else by that package's name.
 */
export function reference(model: Model, qualifiedName: string, at: ast.Node): Reference | undefined {
  const texts = bindings(model, at)
    .filter(({ target }) => qualifiedName === target || qualifiedName.startsWith(`${target}.`))
    .map(({ name, target }) => name + qualifiedName.slice(target.length))
    .sort((a, b) => a.length - b.length)
  if (texts[0] !== undefined) return { text: texts[0], edits: [] }
  const library = qualifiedName.split('.')[0] ?? qualifiedName
  if (isBound(model, library)) return undefined
  return { text: qualifiedName, edits: insertImport(model, `import ${library}`) }
}

/** Adds an import behind the ones at the head of the file, or at its top, below the docstring. */
export function insertImport(model: Model, line: string): readonly Edit[] {
  const [first, ...rest] = model.module.body
  if (!first) return [{ start: model.text.length, end: model.text.length, text: `${line}\n` }]
  const head = isImport(first) || isDocstring(first) ? first : undefined
  if (!head) return insertBefore(model, first, [line])
  const next = rest.findIndex(statement => !isImport(statement))
  return insertAfter(model, (next === -1 ? rest : rest.slice(0, next)).at(-1) ?? head, [line])
}

interface Binding {
  readonly name: string
  readonly target: string
}

/** What the imports that are in force at a node bind: those of the module and of its own function, above it. */
function bindings(model: Model, at: ast.Node): readonly Binding[] {
  const scope = model.scope(at)
  const inForce = (statement: ast.Statement) => {
    const own = model.scope(statement)
    return own === model.module
      ? scope !== model.module || statement.end <= at.start
      : own === scope && statement.end <= at.start
  }
  return importedNames(model)
    .filter(({ statement }) => inForce(statement))
    .filter(({ name, target }) => isOnlyBinding(model, name, target))
}

function importedNames(model: Model): readonly (Binding & { readonly statement: ast.Statement })[] {
  const names = []
  for (const statement of model.nodes('Import'))
    for (const { name, asname } of statement.names) {
      const top = name.split('.')[0] ?? name
      names.push({ statement, name: asname ?? top, target: asname === undefined ? top : name })
    }
  for (const statement of model.nodes('ImportFrom'))
    for (const { name, asname } of statement.names)
      if (statement.level === 0 && name !== '*')
        names.push({ statement, name: asname ?? name, target: `${statement.module}.${name}` })
  return names
}

/** Does every use of the name in the file mean the target? A name that is bound twice is not worth the risk. */
function isOnlyBinding(model: Model, name: string, target: string): boolean {
  return (
    model.nodes('Name').every(node => node.id !== name || model.qualifiedName(node) === target) &&
    model.nodes('Parameter').every(node => node.name !== name) &&
    model.nodes('FunctionDef').every(node => node.name !== name) &&
    model.nodes('ClassDef').every(node => node.name !== name)
  )
}

function isBound(model: Model, name: string): boolean {
  return (
    model.nodes('Name').some(node => node.id === name) || importedNames(model).some(binding => binding.name === name)
  )
}

function isImport(statement: ast.Statement): boolean {
  return statement.kind === 'Import' || statement.kind === 'ImportFrom'
}

function isDocstring(statement: ast.Statement): boolean {
  return statement.kind === 'Expr' && statement.value.kind === 'Constant' && statement.value.type === 'str'
}
