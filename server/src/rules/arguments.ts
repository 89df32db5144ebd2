/** Edits of a call's arguments that keep its commas, its layout and its comments right. */

import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { insertion } from './edits.ts'
import type { Edit, Range } from './rule.ts'

/** Adds an argument behind the last one, in the layout of the call. */
export function appendArgument(model: Model, call: ast.Call, text: string): Edit {
  const last = argumentsOf(call).at(-1)
  if (!last) return insertion(call.argumentsStart + 1, text)
  const end = closed(model.text, last.end, call)
  const comma = /^(?:\s|#.*)*,/.exec(model.text.slice(end, call.end - 1))
  const separator = separatorBefore(model, call, last)
  return comma
    ? insertion(end + comma[0].length, `${separator}${text}${comma[0].trim()}`)
    : insertion(end, `,${separator}${text}`)
}

/** Adds an argument in front of the first one, in the layout of the call. */
export function prependArgument(model: Model, call: ast.Call, text: string): Edit {
  const [first] = argumentsOf(call)
  if (!first) return insertion(call.argumentsStart + 1, text)
  return insertion(opened(model.text, first.start, call), `${text},${separatorBefore(model, call, first)}`)
}

/** Deletes an argument and the comma that its absence leaves without a use. */
export function deleteArgument(model: Model, call: ast.Call, argument: ast.Expression | ast.Keyword): Edit {
  return deleteRun(model, call, argument, argument)
}

/** Deletes several arguments; those that follow one another go in one edit. */
export function deleteArguments(model: Model, call: ast.Call, doomed: readonly Argument[]): readonly Edit[] {
  const all = argumentsOf(call)
  const starts = all.filter((each, index) => doomed.includes(each) && !isDoomed(all[index - 1]))
  const ends = all.filter((each, index) => doomed.includes(each) && !isDoomed(all[index + 1]))
  return starts.map((first, index) => deleteRun(model, call, first, ends[index] ?? first))

  function isDoomed(argument: Argument | undefined): boolean {
    return argument !== undefined && doomed.includes(argument)
  }
}

type Argument = ast.Expression | ast.Keyword

function deleteRun(model: Model, call: ast.Call, argument: Argument, last: Argument): Edit {
  const all = argumentsOf(call)
  const previous = all[all.indexOf(argument) - 1]
  const next = all[all.indexOf(last) + 1]
  if (next)
    return { start: opened(model.text, argument.start, call), end: opened(model.text, next.start, call), text: '' }
  const end = closed(model.text, last.end, call)
  if (previous) return { start: closed(model.text, previous.end, call), end, text: '' }
  const comma = /^\s*,/.exec(model.text.slice(end, call.end - 1))
  return { start: opened(model.text, argument.start, call), end: end + (comma?.[0].length ?? 0), text: '' }
}

/** The range of an expression with the parentheses around it that only group it. */
export function groupedRange(model: Model, expression: ast.Expression): Range {
  let { start, end } = expression
  const parent = expression.parent
  const [low, high] = parent ? within(parent, expression) : [0, model.text.length]
  for (;;) {
    const before = /\(\s*$/.exec(model.text.slice(Math.max(low, start - 200), start))
    const behind = /^\s*\)/.exec(model.text.slice(end, Math.min(high, end + 200)))
    if (!before || !behind) return { start, end }
    start -= before[0].length
    end += behind[0].length
  }
}

/** Positional and keyword arguments, as they stand. */
function argumentsOf(call: ast.Call): readonly Argument[] {
  return [...call.args, ...call.keywords].sort((a, b) => a.start - b.start)
}

/** What separates the arguments: a break and its indentation where the last one has a line of its own. */
function separatorBefore(model: Model, call: ast.Call, argument: Range): string {
  const lead = /(?:\r\n|\r|\n)[ \t]*$/.exec(
    model.text.slice(call.argumentsStart + 1, opened(model.text, argument.start, call)),
  )
  return lead?.[0] ?? ' '
}

/** Behind the parentheses that close around an argument. */
function closed(text: string, end: number, call: ast.Call): number {
  return end + (/^(?:\s*\))*/.exec(text.slice(end, call.end - 1))?.[0].length ?? 0)
}

/** In front of the parentheses that open around an argument. */
function opened(text: string, start: number, call: ast.Call): number {
  return start - (/(?:\(\s*)*$/.exec(text.slice(call.argumentsStart + 1, start))?.[0].length ?? 0)
}

/** Where the parentheses around a child may stand; those of a call belong to the call. */
function within(parent: ast.Node, child: ast.Expression): readonly [number, number] {
  if (parent.kind !== 'Call') return [parent.start, parent.end]
  return parent.func === child ? [parent.start, parent.argumentsStart] : [parent.argumentsStart + 1, parent.end - 1]
}
