/** Edits that write a call of the old API as one of the new. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { endOfLine, startOfLine } from '../syntax/lines.ts'
import { ownConstant } from '../torch/defaults.ts'
import type { DeprecatedName } from '../torch/deprecatedNames.ts'
import type { NumberFirst } from '../torch/legacyArguments.ts'
import type { LegacyVariable } from '../torch/legacyVariables.ts'
import { textOf } from '../torch/names.ts'
import { appendArgument, groupedRange } from './arguments.ts'
import { deleteStatement, inOrder, insertion, replace } from './edits.ts'
import { quoteOf, suiteOf } from './layout.ts'
import { type Migrated, migrate } from './migration.ts'
import type { Edit } from './rule.ts'

/** Renames a use, and all that must be renamed with it; undefined where one of its arguments has no place in the successor. */
export function renameUse(model: Model, use: DeprecatedName, all: readonly DeprecatedName[]): Migrated | undefined {
  const { unsafeWith = [] } = use.fact.renaming ?? {}
  if (unsafeWith.some(name => model.text.includes(name))) return undefined
  if (!use.call) return { edits: [replace(use.node, attributeText(model, use))], count: 1 }
  const successors = new Map(all.map(({ fact }) => [fact.name, fact.successor.name]))
  return migrate(model, use.node, {
    successor: name => successors.get(name),
    rewrite: callee => {
      const other = all.find(({ node }) => node === callee)
      return other && addedArguments(model, other)
    },
  })
}

function attributeText(model: Model, { fact, node }: DeprecatedName): string {
  const root = node.kind === 'Attribute' ? textOf(model, node.value) : ''
  const outer = fact.name.slice(0, fact.name.lastIndexOf('.') + 1)
  return `${root}.${fact.successor.name.slice(outer.length)}`
}

/** What the call needs beside its new name; undefined if it cannot take it. */
function addedArguments(model: Model, { fact: { renaming }, call }: DeprecatedName): readonly Edit[] | undefined {
  if (!renaming || !call) return undefined
  const { parameters, adds } = renaming
  if (parameters) {
    if (call.args.length > parameters.length || call.args.some(({ kind }) => kind === 'Starred')) return undefined
    if (call.keywords.some(({ arg }) => arg === undefined || !parameters.includes(arg))) return undefined
    // The successors name their first parameter otherwise.
    if (parameters.length === 1 && call.keywords.length > 0) return undefined
  }
  return adds === undefined ? [] : [appendArgument(model, call, adds.replaceAll("'", quoteOf(model)))]
}

/** `Variable(x)` as a tensor; undefined where that is not certain, or a comment would be lost. */
export function tensorText(model: Model, variable: LegacyVariable): string | undefined {
  const { call, tensor, isPlain, requiresGrad, volatile } = variable
  if (!tensor || volatile || model.module.comments.some(({ start }) => call.start < start && start < call.end))
    return undefined
  const flag = requiresGrad && ownConstant(model, requiresGrad)
  const gradient =
    requiresGrad === undefined || flag === false
      ? ''
      : `.requires_grad_(${flag === true ? '' : textOf(model, requiresGrad)})`
  const { start, end } = groupedRange(model, tensor)
  const text = model.text.slice(start, end)
  const suffix = (isPlain ? '' : '.detach()') + gradient
  const isWhole = suffix === '' && !isOperand(call) && !/[\r\n]/.test(text)
  return (isAtom(tensor) || text !== textOf(model, tensor) || isWhole ? text : `(${text})`) + suffix
}

/** Writes every call of `Variable` as a tensor, and its import with the last one; undefined where some use of it stays. */
export function unwrapAll(model: Model, variables: readonly LegacyVariable[]): readonly Edit[] | undefined {
  const names = model.nodes('Name').filter(({ id }) => id === 'Variable')
  if (names.length !== variables.length || variables.some(({ call }) => !names.some(name => name === call.func)))
    return undefined
  const imports = model.nodes('ImportFrom').filter(({ names }) => names.some(isVariable))
  const [statement, ...others] = imports
  if (!statement || others.length > 0) return undefined
  const calls = variables.map(({ call }) => call)
  if (calls.some(outer => calls.some(inner => inner !== outer && outer.start < inner.start && inner.end <= outer.end)))
    return undefined
  const edits = unwrap(model, variables)
  const doomed = removeImported(model, statement)
  return edits && doomed && inOrder([...doomed, ...edits])
}

/** Writes calls of `Variable` as tensors; undefined where that is not certain for one of them. */
export function unwrap(model: Model, variables: readonly LegacyVariable[]): readonly Edit[] | undefined {
  const texts = variables.map(variable => ({ call: variable.call, text: tensorText(model, variable) }))
  const idle = new Set(texts.flatMap(({ call, text }) => idleStatement(model, call, text) ?? []))
  const edits = texts.flatMap(({ call, text }) => {
    const { parent } = call
    if (parent?.kind === 'Assign' && idle.has(parent))
      if (suiteOf(model, parent).statements.some(statement => !idle.has(statement)))
        return deleteStatement(model, parent)
    return text === undefined ? [] : [replace(call, text)]
  })
  return texts.some(({ text }) => text === undefined) ? undefined : edits
}

/** The statement that would become `x = x`, if nothing else stands on its lines. */
function idleStatement(model: Model, { parent }: ast.Call, text: string | undefined): ast.Statement | undefined {
  if (parent?.kind !== 'Assign') return undefined
  const [target, ...others] = parent.targets
  if (target?.kind !== 'Name' || target.id !== text || others.length > 0) return undefined
  const line = model.text.slice(startOfLine(model.text, parent.start), endOfLine(model.text, parent.end))
  return line.trim() === textOf(model, parent) ? parent : undefined
}

/** `add_(other, alpha=number)`. */
export function numberLast(model: Model, { call, keyword, number, tensors }: NumberFirst): readonly Edit[] | undefined {
  const [first] = tensors
  const last = tensors.at(-1)
  if (!first || !last || model.module.comments.some(({ start }) => call.start < start && start < call.end))
    return undefined
  const range = groupedRange(model, number)
  return [
    { start: range.start, end: groupedRange(model, first).start, text: '' },
    insertion(groupedRange(model, last).end, `, ${keyword}=${model.text.slice(range.start, range.end)}`),
  ]
}

function removeImported(model: Model, statement: ast.ImportFrom): readonly Edit[] | undefined {
  const kept = statement.names.filter(alias => !isVariable(alias))
  if (kept.length === 0) return deleteStatement(model, statement)
  if (model.module.comments.some(({ start }) => statement.start < start && start < statement.end)) return undefined
  const [first] = statement.names
  const last = statement.names.at(-1)
  if (!first || !last) return undefined
  return [replace({ start: first.start, end: last.end }, kept.map(alias => textOf(model, alias)).join(', '))]
}

const isVariable = ({ name, asname }: ast.Alias): boolean => name === 'Variable' && asname === undefined

const atoms: ReadonlySet<ast.Kind> = new Set(['Name', 'Attribute', 'Call', 'Subscript'])

function isAtom({ kind }: ast.Expression): boolean {
  return atoms.has(kind)
}

/** Does what stands around a call bind tighter than what may stand in it? */
function isOperand({ parent }: ast.Call): boolean {
  if (parent?.kind === 'Call') return false
  return !['Assign', 'AnnAssign', 'Keyword', 'Return', 'Expr', 'List'].includes(parent?.kind ?? '')
}
