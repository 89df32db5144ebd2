import { nodesRun } from '../semantic/followed.ts'
import type { Literal, Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { remember } from './remember.ts'

/**
 * The value that an expression has if nobody says otherwise: a constant, the default of a command-line option
 * (`args.weight_decay`), or the default of a parameter. Undefined where none is visible.
 */
export function visibleDefault(model: Model, expression: ast.Expression): Literal | undefined {
  const constant = model.constant(expression)
  if (constant !== undefined) return constant
  const otherwise = defaultExpression(model, expression)
  return otherwise && model.constant(otherwise)
}

/** The same, but no default that the script sets otherwise: `args.batch_size = args.batch_size // gpus`. */
export function settledDefault(model: Model, expression: ast.Expression): Literal | undefined {
  const constant = model.constant(expression)
  if (constant !== undefined) return constant
  const isChanged = expression.kind === 'Attribute' && changedAttributes(model).has(expression.attr)
  return isChanged || isFilledFromHere(model, expression) ? undefined : visibleDefault(model, expression)
}

/** The parameter of a function of another file, which this one calls with what it likes. */
function isFilledFromHere(model: Model, expression: ast.Expression): boolean {
  return model
    .values(expression)
    .some(value => value.kind === 'parameter' && model.moduleOf(value.function) !== model.module)
}

const changedAttributes = remember((model: Model): ReadonlySet<string> => {
  const targets = [
    ...nodesRun(model, 'Assign').flatMap(statement => statement.targets),
    ...nodesRun(model, 'AugAssign').map(({ target }) => target),
  ]
  const settings = model.nodes('Call').filter(({ func }) => func.kind === 'Attribute' && func.attr === 'set_defaults')
  return new Set([
    ...targets.flatMap(target => (target.kind === 'Attribute' ? [target.attr] : [])),
    ...(settings.length > 0 ? options(model).keys() : []),
  ])
})

/**
 * The constant that an expression is in any case: no parameter brings it, which the callers in other files may fill
 * otherwise, and no attribute.
 */
export function ownConstant(model: Model, expression: ast.Expression): Literal | undefined {
  if (expression.kind === 'Constant') return model.constant(expression)
  if (expression.kind !== 'Name') return undefined
  const isOwn = model
    .bindings(expression)
    ?.every(
      binding =>
        binding.kind === 'value' && binding.path.length === 0 && ownConstant(model, binding.expression) !== undefined,
    )
  return isOwn ? model.constant(expression) : undefined
}

/** The default of a command-line option, or of a parameter that no call in the file fills. */
export function defaultExpression(model: Model, expression: ast.Expression): ast.Expression | undefined {
  if (expression.kind === 'Attribute') {
    const option = optionDefault(model, expression.attr)
    if (option) return option
  }
  const [value, ...others] = model.values(expression)
  return value?.kind === 'parameter' && others.length === 0 ? value.parameter.default : undefined
}

/** The default of the only `add_argument('--weight-decay', default=…)` that fills this attribute. */
function optionDefault(model: Model, attribute: string): ast.Expression | undefined {
  const [option, ...others] = options(model).get(attribute) ?? []
  return others.length === 0 ? option?.keywords.find(({ arg }) => arg === 'default')?.value : undefined
}

/** The calls of `add_argument`, by the attributes that they fill. */
const options = remember((model: Model): ReadonlyMap<string, readonly ast.Call[]> => {
  const filled = new Map<string, ast.Call[]>()
  for (const call of model.nodes('Call')) {
    if (call.func.kind !== 'Attribute' || call.func.attr !== 'add_argument') continue
    for (const attribute of new Set(attributesOf(model, call)))
      filled.set(attribute, [...(filled.get(attribute) ?? []), call])
  }
  return filled
})

function attributesOf(model: Model, call: ast.Call): readonly string[] {
  const destination = call.keywords.find(({ arg }) => arg === 'dest')
  if (destination) return [String(model.constant(destination.value) ?? '')]
  return call.args.map(flag =>
    String(model.constant(flag) ?? '')
      .replace(/^-+/, '')
      .replaceAll('-', '_'),
  )
}
