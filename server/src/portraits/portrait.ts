/**
 * What a hover says of an object of the script: of its optimizer the groups, of its scheduler the learning rates, of its
 * scaler the steps of the loop. The numbers are the script's own; what is not in the text is not said.
 */
import type { Finding } from '../lint.ts'
import type { Message, Range } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import { moduleClasses } from '../torch/moduleClasses.ts'
import { textOf } from '../torch/names.ts'
import { creationsOf, optimizerCreations } from '../torch/optimizers.ts'
import { isScaler } from '../torch/scalers.ts'
import { schedulerCreations, schedulerCreationsOf } from '../torch/schedulers.ts'
import { methodCall } from '../torch/usage.ts'
import { portrayOptimizer } from './optimizer.ts'
import { portrayScaler } from './scaler.ts'
import { portrayScheduler } from './scheduler.ts'
import type { Setting } from './setting.ts'

export interface Portrait extends Range {
  readonly markdown: Message
}

export function portraitAt(
  model: Model,
  findings: readonly Finding[],
  offset: number,
  images: boolean,
): Portrait | undefined {
  const subject = subjectAt(model, offset)
  if (!subject) return undefined
  const starts = lineStarts(model.text)
  const setting = { model, findings, images, line: (node: ast.Node) => lineAt(starts, node.start) + 1 }
  const [markdown] = subject.expressions.flatMap(expression => portray(setting, expression) ?? [])
  return markdown && { ...subject.range, markdown }
}

function portray(setting: Setting, expression: ast.Expression): Message | undefined {
  const { model } = setting
  const creation = expression.kind === 'Call' ? expression : undefined
  const isCreation = ({ call }: { readonly call: ast.Call }) => call === creation
  const schedulers = creation ? schedulerCreations(model).filter(isCreation) : schedulerCreationsOf(model, expression)
  if (schedulers?.[0]) return portrayScheduler(setting, schedulers[0])
  const optimizers = creation ? optimizerCreations(model).filter(isCreation) : creationsOf(model, expression)
  if (optimizers?.[0]) return portrayOptimizer(setting, optimizers[0])
  if (isScaler(model, expression) === 'yes') return portrayScaler(setting, expression)
  return creation ? undefined : portrayInstance(setting, expression)
}

/** What a name was resolved to: the class of PyTorch, or the file's own module, and where the object is made. */
function portrayInstance({ model, line }: Setting, expression: ast.Expression): Message | undefined {
  const [value, ...others] = model.values(expression)
  if (value?.kind !== 'instance' || others.length > 0 || !value.creation) return undefined
  if (typeof value.of === 'string' ? !/^torch(?:vision)?\./.test(value.of) : !isModuleClass(model, value.of))
    return undefined
  const name = textOf(model, expression)
  const className = typeof value.of === 'string' ? value.of : value.of.name
  const at = line(value.creation)
  return { en: `**\`${name}\`** · \`${className}\`, line ${at}`, zh: `**\`${name}\`** · \`${className}\`，第 ${at} 行` }
}

function isModuleClass(model: Model, node: ast.ClassDef): boolean {
  return moduleClasses(model).some(each => each.node === node)
}

interface Subject {
  /** What it may be about, the likelier first. */
  readonly expressions: readonly ast.Expression[]
  /** The word under the cursor. */
  readonly range: Range
}

/** A variable or attribute that holds the object, a method called on it, or the class in the call that makes it. */
function subjectAt(model: Model, offset: number): Subject | undefined {
  const name = model.nodes('Name').find(node => node.start <= offset && offset <= node.end)
  if (name) return { expressions: meanings(name), range: name }
  const attribute = model
    .nodes('Attribute')
    .find(({ attrStart, attr }) => attrStart <= offset && offset <= attrStart + attr.length)
  if (!attribute) return undefined
  const range = { start: attribute.attrStart, end: attribute.attrStart + attribute.attr.length }
  const { parent } = attribute
  const isMethod = parent?.kind === 'Call' && parent.func === attribute && methodCall(parent) !== undefined
  if (isMethod && isObject(model, attribute.value)) return { expressions: [attribute.value], range }
  return { expressions: meanings(attribute), range }
}

/** Of `optimizer = AdamW(…)` both names mean the new object; `criterion(…)` calls an object that has been made before. */
function meanings(node: ast.Name | ast.Attribute): readonly ast.Expression[] {
  const { parent } = node
  if (parent?.kind === 'Call' && parent.func === node) return [parent, node]
  const isTarget = (parent?.kind === 'Assign' && parent.targets[0] === node) || parent?.kind === 'AnnAssign'
  return isTarget && parent.value?.kind === 'Call' ? [parent.value] : [node]
}

function isObject(model: Model, expression: ast.Expression): boolean {
  return model.qualifiedName(expression) === undefined
}
