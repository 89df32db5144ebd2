/**
 * Rewrites an optimizer's parameters as two groups, of which only the first decays:
 *
 *     optimizer = AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
 *
 *     optimizer = AdamW(
 *         [
 *             {"params": [p for p in model.parameters() if p.ndim >= 2], "weight_decay": 0.05},
 *             {"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0},
 *         ],
 *         lr=1e-3,
 *     )
 *
 * A call whose arguments begin on its first line gets a line for each; another keeps its lines, and its comments.
 */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { endOfLine, skipLineBreak, startOfLine } from '../syntax/lines.ts'
import { textOf } from '../torch/names.ts'
import type { OptimizerCreation } from '../torch/optimizers.ts'
import type { UniformDecay } from '../torch/weightDecay.ts'
import { deleteArgument, groupedRange } from './arguments.ts'
import { inOrder, replace } from './edits.ts'
import { indentationUnit, lineBreakOf, quoteOf } from './layout.ts'
import type { Edit, Range } from './rule.ts'

/** Undefined where the parameters cannot be read twice, or the script counts on there being one group. */
export function splitByDimensions(
  model: Model,
  { call, parameters }: OptimizerCreation,
  decay: UniformDecay,
): readonly Edit[] | undefined {
  const selection = parameters && selectionOf(model, parameters)
  if (!parameters || !selection || writesToFirstGroup(model)) return undefined
  const keyword = call.keywords.find(({ value }) => value === decay.argument)
  // A decay given by position stays where it is: the first group inherits it.
  const value = decay.argument && !keyword ? undefined : decay.text
  const groups = [group(model, selection, '>= 2', value), group(model, selection, '< 2', '0.0')]
  return canSpreadOut(model, call)
    ? [spreadOut(model, call, parameters, keyword, groups)]
    : inPlace(model, call, parameters, keyword, groups)
}

/** `optimizer.param_groups[0]["lr"] = lr` would leave a second group behind. */
function writesToFirstGroup(model: Model): boolean {
  return nodesRun(model, 'Subscript').some(({ value, slice, parent }) => {
    if (value.kind !== 'Attribute' || value.attr !== 'param_groups' || slice.kind !== 'Constant') return false
    const target = parent?.kind === 'Subscript' ? parent : undefined
    const statement = target?.parent
    if (statement?.kind === 'AugAssign') return statement.target === target
    return statement?.kind === 'Assign' && statement.targets.some(each => each === target)
  })
}

/** How a comprehension goes through the parameters: `[name for target in iterable if conditions]`. */
interface Selection {
  readonly name: string
  readonly target: string
  readonly iterable: string
  readonly conditions: readonly string[]
}

function selectionOf(model: Model, node: ast.Expression): Selection | undefined {
  const all = { name: 'p', target: 'p', iterable: textOf(model, node), conditions: [] }
  switch (node.kind) {
    case 'Name':
    case 'Attribute':
      return model.values(node).every(value => isReadableTwice(model, value)) ? all : undefined
    case 'Call':
      return ofCall(model, node, all)
    case 'ListComp':
    case 'GeneratorExp':
      return ofComprehension(model, node)
    default:
      return undefined
  }
}

/** `[p for p in … if …]`, `[p for name, p in model.named_parameters() if …]`. */
function ofComprehension(
  model: Model,
  { element, generators }: ast.ListComp | ast.GeneratorExp,
): Selection | undefined {
  const [generator] = generators
  if (!generator || element.kind !== 'Name') return undefined
  const { target, iter, ifs } = generator
  const conditions = ifs.map(condition => textOf(model, condition))
  if (target.kind === 'Name' && target.id === element.id) {
    const inner = selectionOf(model, iter)
    return inner?.conditions.length === 0 ? { ...inner, name: element.id, target: element.id, conditions } : undefined
  }
  const isNamed = iter.kind === 'Call' && iter.func.kind === 'Attribute' && iter.func.attr === 'named_parameters'
  if (!isNamed || !hasNoEffect(iter.func.value) || target.kind !== 'Tuple') return undefined
  return { name: element.id, target: textOf(model, target), iterable: textOf(model, iter), conditions }
}

function ofCall(model: Model, node: ast.Call, all: Selection): Selection | undefined {
  if (node.func.kind === 'Attribute' && node.func.attr === 'parameters')
    return hasNoEffect(node.func.value) ? all : undefined
  const [first, second] = node.args
  switch (model.qualifiedName(node.func)) {
    case 'builtins.list':
    case 'builtins.tuple':
    case 'builtins.iter':
      return first && selectionOf(model, first)
    case 'builtins.filter': {
      const parameter = first?.kind === 'Lambda' ? first.parameters[0] : undefined
      const inner = second && selectionOf(model, second)
      if (first?.kind !== 'Lambda' || !parameter || !inner || inner.conditions.length > 0) return undefined
      const { name } = parameter
      return { name, target: name, iterable: inner.iterable, conditions: [textOf(model, first.body)] }
    }
    default:
      return undefined
  }
}

/** A list is; a generator is empty the second time. */
function isReadableTwice(model: Model, value: ReturnType<Model['values']>[number]): boolean {
  if (value.kind === 'expression') return ['List', 'ListComp', 'Tuple'].includes(value.node.kind)
  const call = value.kind === 'result' ? value.call : value.kind === 'instance' ? value.creation : undefined
  return call !== undefined && /^builtins\.(?:list|tuple)$/.test(model.qualifiedName(call.func) ?? '')
}

function hasNoEffect(node: ast.Expression): boolean {
  if (node.kind === 'Attribute') return hasNoEffect(node.value)
  if (node.kind === 'Subscript') return hasNoEffect(node.value) && hasNoEffect(node.slice)
  return node.kind === 'Name' || node.kind === 'Constant'
}

/** `{"params": [p for p in model.parameters() if p.ndim >= 2], "weight_decay": 0.05}`. */
function group(
  model: Model,
  { name, target, iterable, conditions }: Selection,
  ndim: string,
  decay: string | undefined,
): string {
  const quote = quoteOf(model)
  const tests = [...conditions, `${name}.ndim ${ndim}`].join(' and ')
  const entry = decay === undefined ? '' : `, ${quote}weight_decay${quote}: ${decay}`
  return `{${quote}params${quote}: [${name} for ${target} in ${iterable} if ${tests}]${entry}}`
}

/** Not where a comment would be lost, or an argument of several lines torn from its place. */
function canSpreadOut(model: Model, call: ast.Call): boolean {
  const all = argumentsOf(call)
  const [first] = all
  const isBegun = first !== undefined && !/[\r\n]/.test(model.text.slice(call.argumentsStart, first.start))
  const hasComment = model.module.comments.some(({ start }) => call.start < start && start < call.end)
  return isBegun && !hasComment && all.every(argument => !/[\r\n]/.test(textOf(model, argument)))
}

/** The call with every argument on a line of its own. */
function spreadOut(
  model: Model,
  call: ast.Call,
  parameters: ast.Expression,
  decay: ast.Keyword | undefined,
  groups: readonly string[],
): Edit {
  const outer = /^\s*/.exec(model.text.slice(startOfLine(model.text, call.start), call.start))?.[0] ?? ''
  const unit = indentationUnit(model)
  const written = argumentsOf(call)
    .filter(argument => argument !== decay)
    .flatMap(argument => {
      if (argument !== parameters && !(argument.kind === 'Keyword' && argument.value === parameters))
        return [`${model.text.slice(...grouped(model, argument))},`]
      const head = argument.kind === 'Keyword' ? `${argument.arg}=[` : '['
      return [head, ...groups.map(line => `${unit}${line},`), '],']
    })
  const lines = ['(', ...written.map(line => outer + unit + line), `${outer})`]
  return replace({ start: call.argumentsStart, end: call.end }, lines.join(lineBreakOf(model)))
}

function argumentsOf(call: ast.Call): readonly (ast.Expression | ast.Keyword)[] {
  return [...call.args, ...call.keywords].sort((a, b) => a.start - b.start)
}

function grouped(model: Model, argument: ast.Expression | ast.Keyword): [number, number] {
  const { start, end } = argument.kind === 'Keyword' ? argument : groupedRange(model, argument)
  return [start, end]
}

/** The parameters become the groups where they stand; the decay goes, with the line that it leaves empty. */
function inPlace(
  model: Model,
  call: ast.Call,
  parameters: ast.Expression,
  decay: ast.Keyword | undefined,
  groups: readonly string[],
): readonly Edit[] {
  const line = model.text.slice(startOfLine(model.text, parameters.start), parameters.start)
  const outer = /^\s*$/.test(line) ? line : ' '.repeat(line.length)
  const inner = outer + indentationUnit(model)
  const comment = decay && ownLine(model.text, decay)?.comment
  const [first, ...rest] = groups.map(text => `${inner}${text},`)
  const lines = ['[', comment ? `${first}  ${comment}` : first, ...rest, `${outer}]`]
  const edits = [replace(groupedRange(model, parameters), lines.join(lineBreakOf(model)))]
  return decay ? inOrder([...edits, deletion(model, call, decay)]) : edits
}

function deletion(model: Model, call: ast.Call, argument: ast.Keyword): Edit {
  const line = ownLine(model.text, argument)
  if (line) return { start: line.start, end: line.end, text: '' }
  const previous = argumentsOf(call).findLast(({ end }) => end <= argument.start)
  const isBehindComment = model.text.slice(previous?.end, argument.start).includes('#')
  return isBehindComment ? replace(argument, '') : deleteArgument(model, call, argument)
}

/** The line that an argument has for itself, and the comment on it. */
function ownLine(text: string, argument: Range): (Range & { readonly comment: string | undefined }) | undefined {
  const start = startOfLine(text, argument.start)
  const end = endOfLine(text, argument.end)
  const behind = /^\s*,?\s*(#.*)?$/.exec(text.slice(argument.end, end))
  if (!behind || !/^\s*$/.test(text.slice(start, argument.start))) return undefined
  return { start, end: skipLineBreak(text, end), comment: behind[1] }
}
