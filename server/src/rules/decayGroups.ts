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
 * A call on one line becomes one of several; a call of several lines keeps them, and its comments.
 */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { endOfLine, skipLineBreak, startOfLine } from '../syntax/lines.ts'
import { textOf } from '../torch/names.ts'
import type { OptimizerCreation } from '../torch/optimizers.ts'
import type { UniformDecay } from '../torch/weightDecay.ts'
import { deleteArgument } from './arguments.ts'
import { replace } from './edits.ts'
import { indentationOf, indentationUnit, lineBreakOf, quoteOf, statementOf } from './layout.ts'
import type { Edit, Range } from './rule.ts'

/** Undefined where the parameters cannot be read twice without a change of meaning. */
export function splitByDimensions(
  model: Model,
  { call, parameters }: OptimizerCreation,
  decay: UniformDecay,
): readonly Edit[] | undefined {
  const selection = parameters && selectionOf(model, parameters)
  if (!parameters || !selection) return undefined
  const keyword = call.keywords.find(({ value }) => value === decay.argument)
  // A decay given by position stays where it is: the first group inherits it.
  const value = decay.argument && !keyword ? undefined : decay.text
  const groups = [group(model, selection, '>= 2', value), group(model, selection, '< 2', '0.0')]
  const isOneLine = !/[\r\n]/.test(textOf(model, call))
  return isOneLine
    ? [spreadOut(model, call, parameters, keyword, groups)]
    : inPlace(model, call, parameters, keyword, groups)
}

/** How a comprehension goes through the parameters. */
interface Selection {
  readonly name: string
  readonly iterable: string
  readonly conditions: readonly string[]
}

function selectionOf(model: Model, node: ast.Expression): Selection | undefined {
  const all = { name: 'p', iterable: textOf(model, node), conditions: [] }
  switch (node.kind) {
    case 'Name':
    case 'Attribute':
      return model.values(node).every(value => isReadableTwice(model, value)) ? all : undefined
    case 'Call':
      return ofCall(model, node, all)
    case 'ListComp':
    case 'GeneratorExp': {
      const [generator] = node.generators
      if (generator?.target.kind !== 'Name' || textOf(model, node.element) !== generator.target.id) return undefined
      const inner = selectionOf(model, generator.iter)
      if (!inner || inner.conditions.length > 0) return undefined
      const conditions = generator.ifs.map(condition => textOf(model, condition))
      return { name: generator.target.id, iterable: inner.iterable, conditions }
    }
    default:
      return undefined
  }
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
      return { name: parameter.name, iterable: inner.iterable, conditions: [textOf(model, first.body)] }
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
  { name, iterable, conditions }: Selection,
  ndim: string,
  decay: string | undefined,
): string {
  const quote = quoteOf(model)
  const tests = [...conditions, `${name}.ndim ${ndim}`].join(' and ')
  const entry = decay === undefined ? '' : `, ${quote}weight_decay${quote}: ${decay}`
  return `{${quote}params${quote}: [${name} for ${name} in ${iterable} if ${tests}]${entry}}`
}

/** The call with every argument on a line of its own. */
function spreadOut(
  model: Model,
  call: ast.Call,
  parameters: ast.Expression,
  decay: ast.Keyword | undefined,
  groups: readonly string[],
): Edit {
  const outer = indentationOf(model, statementOf(call))
  const unit = indentationUnit(model)
  const all = [...call.args, ...call.keywords].sort((a, b) => a.start - b.start)
  const written = all
    .filter(argument => argument !== decay)
    .flatMap(argument => {
      const text = textOf(model, argument)
      if (argument !== parameters && !(argument.kind === 'Keyword' && argument.value === parameters))
        return [`${text},`]
      const head = argument.kind === 'Keyword' ? `${argument.arg}=[` : '['
      return [head, ...groups.map(line => `${unit}${line},`), '],']
    })
  const lines = ['(', ...written.map(line => outer + unit + line), `${outer})`]
  return replace({ start: call.argumentsStart, end: call.end }, lines.join(lineBreakOf(model)))
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
  const lines = ['[', ...groups.map(text => `${inner}${text},`), `${outer}]`]
  const edits = [replace(parameters, lines.join(lineBreakOf(model)))]
  return decay ? [...edits, deletion(model, call, decay)].sort((a, b) => a.start - b.start) : edits
}

function deletion(model: Model, call: ast.Call, argument: ast.Keyword): Edit {
  const { text } = model
  const ownLine: Range = {
    start: startOfLine(text, argument.start),
    end: skipLineBreak(text, endOfLine(text, argument.end)),
  }
  const before = text.slice(ownLine.start, argument.start)
  const behind = text.slice(argument.end, ownLine.end)
  return /^\s*$/.test(before) && /^\s*,\s*$/.test(behind)
    ? { ...ownLine, text: '' }
    : deleteArgument(model, call, argument)
}
