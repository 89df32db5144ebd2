/** The PyTorch name that stands at an offset: a name, an attribute, an imported name, an argument, a key of a group. */
import type { Range } from './rules/rule.ts'
import type { Model } from './semantic/model.ts'
import type * as ast from './syntax/ast.ts'
import { memberNames } from './torch/members.ts'

export interface Symbol {
  readonly range: Range
  /** Qualified names it may have, the likeliest first. */
  readonly names: readonly string[]
}

/** The narrowest reading first. */
export function symbolsAt(model: Model, offset: number): readonly Symbol[] {
  const at = <Node extends ast.Node>(nodes: readonly Node[], range: (node: Node) => Range = node => node) =>
    nodes.filter(node => contains(range(node), offset)).map(node => ({ node, range: range(node) }))
  return [
    ...at(model.nodes('Keyword'), keywordRange).map(({ node, range }) => ({
      range,
      names: argumentNames(model, node),
    })),
    ...at(model.nodes('Attribute'), attributeRange).map(({ node, range }) => ({ range, names: namesOf(model, node) })),
    ...at(model.nodes('Name')).map(({ node, range }) => ({ range, names: namesOf(model, node) })),
    ...at(model.nodes('Alias')).map(({ node, range }) => ({ range, names: importedNames(node) })),
    ...at(model.nodes('Constant')).map(({ node, range }) => ({ range, names: groupKeyNames(model, node) })),
    ...suppressedRules(model, offset),
  ]
}

/** The rule that a comment, `# torchlint: ignore[amp/missing-update]`, names at the offset. */
function suppressedRules(model: Model, offset: number): readonly Symbol[] {
  const comment = model.module.comments.find(range => contains(range, offset))
  const text = comment ? model.text.slice(comment.start, comment.end) : ''
  if (!comment || !/#\s*torchlint\s*:\s*ignore/i.test(text)) return []
  return [...text.matchAll(/[\w-]+\/[\w-]+/g)]
    .map(({ index, 0: rule }) => ({ start: comment.start + index, end: comment.start + index + rule.length, rule }))
    .filter(range => contains(range, offset))
    .map(({ start, end, rule }) => ({ range: { start, end }, names: [rule.toLowerCase()] }))
}

/** The end belongs to it: a cursor behind the last character still means the word. */
export function contains(range: Range, offset: number): boolean {
  return range.start <= offset && offset <= range.end && range.start < range.end
}

function keywordRange({ start, arg }: ast.Keyword): Range {
  return { start, end: start + (arg?.length ?? 0) }
}

function attributeRange({ attrStart, attr }: ast.Attribute): Range {
  return { start: attrStart, end: attrStart + attr.length }
}

function namesOf(model: Model, expression: ast.Name | ast.Attribute): readonly string[] {
  const name = model.qualifiedName(expression)
  const members = expression.kind === 'Attribute' ? memberNames(model, expression) : []
  return name === undefined ? members : [...new Set([name, ...members])]
}

function argumentNames(model: Model, { arg, parent }: ast.Keyword): readonly string[] {
  if (arg === undefined || parent?.kind !== 'Call') return []
  return calleeNames(model, parent).map(callee => `${callee}.${arg}`)
}

function calleeNames(model: Model, call: ast.Call): readonly string[] {
  const callee = model.callee(call)
  if (callee.kind === 'symbol') return [callee.name]
  const { func } = call
  return callee.kind === 'unknown' && (func.kind === 'Name' || func.kind === 'Attribute') ? namesOf(model, func) : []
}

function importedNames({ name, parent }: ast.Alias): readonly string[] {
  return [parent?.kind === 'ImportFrom' ? `${parent.module}.${name}` : name]
}

/** `"weight_decay"` in `AdamW([{"params": …, "weight_decay": 0.1}])` is an argument too. */
function groupKeyNames(model: Model, key: ast.Constant): readonly string[] {
  const group = key.parent
  if (typeof key.value !== 'string' || group?.kind !== 'Dict' || !group.keys.includes(key)) return []
  for (let node: ast.Node | undefined = group; node; node = node.parent)
    if (node.kind === 'Call') return calleeNames(model, node).map(callee => `${callee}.${key.value}`)
  return []
}
