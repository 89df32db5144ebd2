/** The PyTorch name that stands at an offset: a name, an attribute, an imported name, an argument, a key of a group. */
import type { Range } from './rules/rule.ts'
import type { Model } from './semantic/model.ts'
import type * as ast from './syntax/ast.ts'
import { memberNames } from './torch/members.ts'

export interface NameAt {
  readonly range: Range
  /** Qualified names it may have, the likeliest first. */
  readonly names: readonly string[]
  /** Of a call, or of a group of parameters. */
  readonly isArgument: boolean
}

/** The narrowest reading first. */
export function symbolsAt(model: Model, offset: number): readonly NameAt[] {
  const at = <Node extends ast.Node>(
    nodes: readonly Node[],
    range: (node: Node) => Range,
    names: (node: Node) => readonly string[],
    isArgument = false,
  ) =>
    nodes
      .filter(node => contains(range(node), offset))
      .map(node => ({ range: range(node), names: names(node), isArgument }))
  const whole = (node: ast.Node) => node
  return [
    ...at(model.nodes('Keyword'), keywordRange, node => argumentNames(model, node), true),
    ...at(model.nodes('Attribute'), attributeRange, node => namesOf(model, node)),
    ...at(model.nodes('Name'), whole, node => namesOf(model, node)),
    ...at(model.nodes('Alias'), whole, importedNames),
    ...at(model.nodes('Constant'), whole, node => groupKeyNames(model, node), true),
    ...suppressedRules(model, offset),
  ]
}

/** The rule that a comment, `# torchlint: ignore[amp/missing-update]`, names at the offset. */
function suppressedRules(model: Model, offset: number): readonly NameAt[] {
  const comment = model.module.comments.find(range => contains(range, offset))
  const text = comment ? model.text.slice(comment.start, comment.end) : ''
  if (!comment || !/#\s*torchlint\s*:\s*ignore/i.test(text)) return []
  return [...text.matchAll(/[\w-]+\/[\w-]+/g)]
    .map(({ index, 0: rule }) => ({ start: comment.start + index, end: comment.start + index + rule.length, rule }))
    .filter(range => contains(range, offset))
    .map(({ start, end, rule }) => ({ range: { start, end }, names: [rule.toLowerCase()], isArgument: false }))
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

/** Where nothing is said about the argument, what takes it is the next best. */
function argumentNames(model: Model, { arg, parent }: ast.Keyword): readonly string[] {
  if (arg === undefined || parent?.kind !== 'Call') return []
  const callees = calleeNames(model, parent)
  return [...callees.map(callee => `${callee}.${arg}`), ...callees]
}

function calleeNames(model: Model, call: ast.Call): readonly string[] {
  const callee = model.callee(call)
  const { func } = call
  const known = callee.kind === 'symbol' ? [callee.name] : []
  if (func.kind !== 'Name' && func.kind !== 'Attribute') return known
  return callee.kind === 'symbol' || callee.kind === 'unknown' ? [...new Set([...known, ...namesOf(model, func)])] : []
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
