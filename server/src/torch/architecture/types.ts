/** `isinstance`, as far as the classes are known. */
import { elementsOf } from './elements.ts'
import type { Evaluation, Frame } from './evaluation.ts'
import { lineageOf } from './members.ts'
import { contentsOf, instanceOf, literal, optionsOf, unknown, type Value } from './values.ts'

export function isInstance(
  evaluation: Evaluation,
  object: Value | undefined,
  classes: Value | undefined,
  frame: Frame,
): Value {
  if (!object || !classes) return unknown
  const wanted =
    contentsOf(classes, frame.state)?.kind === 'sequence' ? (elementsOf(classes, frame)?.elements ?? []) : [classes]
  const answers = optionsOf(object).flatMap(option => wanted.map(each => isOf(evaluation, option, each, frame)))
  if (answers.includes(true) && optionsOf(object).length === 1) return literal(true)
  return answers.every(answer => answer === false) ? literal(false) : unknown
}

function isOf(evaluation: Evaluation, object: Value, wanted: Value, frame: Frame): boolean | undefined {
  if (object.kind === 'literal' && wanted.kind === 'symbol') return ofBuiltin(object.literal, wanted.name)
  const instance = instanceOf(object, frame.state)
  if (!instance) return contentsOf(object, frame.state)?.kind === 'sequence' ? ofSequence(wanted) : undefined
  if (wanted.kind === 'symbol' && wanted.name === 'torch.nn.Module' && instance.isModule) return true
  if (typeof instance.class === 'string') {
    if (wanted.kind === 'class') return false
    if (wanted.kind !== 'symbol' || !instance.class.startsWith('torch.nn.')) return undefined
    return (
      instance.class === wanted.name ||
      (wanted.name === 'torch.nn.modules.batchnorm._BatchNorm' && /\.BatchNorm/.test(instance.class))
    )
  }
  const { classes, imported, isComplete } = lineageOf(evaluation.model, instance.class)
  if (wanted.kind === 'class') return classes.includes(wanted.node) ? true : isComplete ? false : undefined
  if (wanted.kind !== 'symbol') return undefined
  return imported.includes(wanted.name) ? true : isComplete ? false : undefined
}

function ofSequence(wanted: Value): boolean | undefined {
  if (wanted.kind !== 'symbol') return undefined
  return wanted.name === 'builtins.list' || wanted.name === 'builtins.tuple'
    ? undefined
    : /^builtins\./.test(wanted.name)
      ? false
      : undefined
}

function ofBuiltin(value: string | number | boolean | null, name: string): boolean | undefined {
  const type = {
    string: 'str',
    number: Number.isInteger(value) ? 'int' : 'float',
    boolean: 'bool',
    object: 'NoneType',
  }[typeof value as 'string' | 'number' | 'boolean' | 'object']
  return name.startsWith('builtins.')
    ? name === `builtins.${type}` || (type === 'bool' && name === 'builtins.int')
    : false
}
