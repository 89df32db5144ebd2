/**
 * What a model is made of: the questions. An expression denotes a module whatever it is wrapped in: `DDP(net)`,
 * `torch.compile(net)` and `net.to(device)` are made of what `net` is made of. How the answers are found stands in
 * `architecture/evaluation.ts`.
 */
import { nodesRun } from '../semantic/followed.ts'
import type { Certainty, Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { nodesWithin } from './architecture/attributes.ts'
import { createEvaluation, type Frame, scriptFrame } from './architecture/evaluation.ts'
import { lineageOf } from './architecture/members.ts'
import { parametersWithin } from './architecture/parameters.ts'
import {
  type Activation,
  contentsOf,
  type Instance,
  instanceOf,
  literalOf,
  optionsOf,
  type Value,
} from './architecture/values.ts'
import { architectures, functionalDropouts, layersOfKind } from './facts/modules.ts'
import { remember } from './remember.ts'

export type { Activation } from './architecture/values.ts'

/** What a rule may look for in a model. Dropout: layers, and calls of the function that follow the module's mode. */
export type LayerKind = 'batchNorm' | 'convolution' | 'dropout'

/** Does the module hold such a layer, itself or in a part of it? `no` only where all that it holds is known. */
export function contains(model: Model, module: ast.Expression, kind: LayerKind): Certainty {
  const { value, frame } = evaluate(model, module)
  return optionsOf(value).every(option => instanceOf(option, frame.state)?.isModule)
    ? holds(model, value, kind, frame)
    : 'unknown'
}

export interface Output {
  readonly activation: Activation
  /** The call or the layer that makes it so: `F.softmax(x, dim=1)`, `nn.Softmax(dim=1)`. */
  readonly origin: ast.Expression
}

/** What the numbers of a tensor are: logits, probabilities, their logarithms; undefined where that is not certain. */
export function outputOf(model: Model, tensor: ast.Expression): Output | undefined {
  if (hasHooks(model)) return undefined
  const { value } = evaluate(model, tensor)
  return value.kind === 'tensor' && value.activation && value.at
    ? { activation: value.activation, origin: value.at }
    : undefined
}

/** A forward hook may replace what a module returns. */
const hasHooks = remember((model: Model): boolean =>
  nodesRun(model, 'Attribute').some(({ attr }) => /^register_(?:module_)?forward_(?:pre_)?hook$/.test(attr)),
)

export interface NamedParameter {
  /** As in `named_parameters()`; a part whose number is not known goes by `*`: `layers.*.weight`. */
  readonly name: string
  readonly dimensions: number | undefined
}

/** The parameters of a module in PyTorch's order; undefined where they are not all known. */
export function namedParameters(model: Model, module: ast.Expression): readonly NamedParameter[] | undefined {
  const { value, frame } = evaluate(model, module)
  const instance = instanceOf(value, frame.state)
  return (
    instance &&
    parametersWithin(instance, frame.state)?.map(([name, parameter]) => {
      const contents = contentsOf(parameter, frame.state)
      return { name, dimensions: contents?.kind === 'parameter' ? contents.dimensions : undefined }
    })
  )
}

/**
 * The call that makes a layer, or a whole model of a library, that is there for certain and has a parameter whose number
 * of dimensions is one of these; what else the module holds does not matter.
 */
export function layerWith(
  model: Model,
  module: ast.Expression,
  isWanted: (dimensions: number) => boolean,
): ast.Expression | undefined {
  const { value, frame } = evaluate(model, module)
  return within(value, isWanted, frame)
}

function within(value: Value, isWanted: (dimensions: number) => boolean, frame: Frame): ast.Expression | undefined {
  const found = optionsOf(value).map(option => {
    const instance = instanceOf(option, frame.state)
    if (!instance?.isModule || instance.isChanged) return undefined
    if (typeof instance.class === 'string' && !instance.class.startsWith('torch.nn.')) return instance.creation
    const isOwn = [...instance.attributes.values()].some(each => {
      const contents = contentsOf(each, frame.state)
      if (contents?.kind !== 'parameter' || contents.dimensions === undefined || contents.isAssumed) return false
      return isWanted(contents.dimensions)
    })
    if (isOwn) return instance.creation
    for (const part of [...instance.attributes.values(), ...instance.rest]) {
      const layer = within(part, isWanted, frame)
      if (layer) return layer
    }
    return undefined
  })
  return found.every(layer => layer !== undefined) ? found[0] : undefined
}

/** What an expression of the script stands for, and the frame that has its parts. */
interface Answer {
  readonly value: Value
  readonly frame: Frame
}

const evaluations = remember((model: Model) => ({
  evaluation: createEvaluation(model),
  answers: new Map<ast.Expression, Answer>(),
}))

function evaluate(model: Model, expression: ast.Expression): Answer {
  const { evaluation, answers } = evaluations(model)
  const known = answers.get(expression)
  if (known) return known
  const frame = scriptFrame()
  const answer = { value: evaluation.evaluate(expression, frame), frame }
  answers.set(expression, answer)
  return answer
}

function holds(model: Model, value: Value, kind: LayerKind, frame: Frame): Certainty {
  const [first = 'unknown', ...others] = optionsOf(value).map(option => {
    const instance = instanceOf(option, frame.state)
    if (instance?.isModule) return instanceHolds(model, instance, kind, frame)
    return option.kind === 'unknown' ? 'unknown' : 'no'
  })
  return others.every(other => other === first) ? first : 'unknown'
}

function instanceHolds(model: Model, instance: Instance, kind: LayerKind, frame: Frame): Certainty {
  if (instance.isChanged) return 'unknown'
  const own = itself(model, instance, kind, frame)
  if (own) return own
  const parts = [...instance.attributes.values(), ...instance.rest].map(part => holds(model, part, kind, frame))
  if (parts.includes('yes')) return 'yes'
  return instance.isComplete && !parts.includes('unknown') ? 'no' : 'unknown'
}

/** What the class alone says. */
function itself(model: Model, instance: Instance, kind: LayerKind, frame: Frame): Certainty | undefined {
  if (typeof instance.class !== 'string') {
    const { classes } = lineageOf(model, instance.class)
    return kind === 'dropout' && classes.some(node => dropsByFunction(model, node)) ? 'yes' : undefined
  }
  const [, layer] = /^torch\.nn\.(\w+)$/.exec(instance.class) ?? []
  if (layer === undefined) return ofArchitecture(instance.class, kind)
  if (!layersOfKind[kind].includes(layer)) return undefined
  return kind === 'dropout' && dropoutRate(instance, frame) === 0 ? 'no' : 'yes'
}

function dropoutRate({ given }: Instance, frame: Frame): unknown {
  return literalOf(given?.keywords.get('p') ?? given?.positional[0], frame.state)
}

/** `torchvision.models.resnet50`, `timm.create_model.resnet50`. */
function ofArchitecture(className: string, kind: LayerKind): Certainty | undefined {
  const [, name] =
    /^(?:torchvision\.models|timm\.create_model|timm\.models|torchvision\.models\.get_model)\.(\w+)$/.exec(className) ??
    []
  const [, layers] = architectures.find(([beginning]) => name?.toLowerCase().startsWith(beginning)) ?? []
  return layers?.includes(kind) ? 'yes' : undefined
}

/** `F.dropout(x, training=self.training)`. */
function dropsByFunction(model: Model, node: ast.ClassDef): boolean {
  return nodesWithin(node).some(call => {
    if (call.kind !== 'Call' || !functionalDropouts.includes(model.qualifiedName(call.func) ?? '')) return false
    const training = model.argument(call, 'training', 2)
    return training.kind === 'given' && training.value.kind === 'Attribute' && training.value.attr === 'training'
  })
}
