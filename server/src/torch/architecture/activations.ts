/** What layers, functions and methods do to the numbers of a tensor. */
import type * as ast from '../../syntax/ast.ts'
import type { Frame } from './evaluation.ts'
import {
  type Activation,
  type Arguments,
  joinAll,
  literalOf,
  sequenceOf,
  type Tensor,
  tensor,
  unknown,
  type Value,
} from './values.ts'

/** Layers whose output is nothing but a weighted sum. */
const affine = /^(?:Linear|LazyLinear|Bilinear|(?:Lazy)?Conv(?:Transpose)?\dd)$/
/** Layers that leave each number, or each row of numbers, what it is. */
const passing = /^(?:Identity|Dropout\d?d?|Flatten|Unflatten)$/
/** Layers that make sums and means of their input: logits stay logits. */
const averaging = /^(?:Adaptive)?(?:Avg|Max)Pool\dd$|^(?:Batch|Layer|Group|Instance)Norm\d?d?$|^Upsample$/

const activations: Readonly<Record<string, Activation>> = {
  LogSoftmax: 'logSoftmax',
  Sigmoid: 'sigmoid',
  Softmax: 'softmax',
  Softmax2d: 'softmax',
}

/** The output of a module of an imported class; undefined where nothing is known of it. */
export function activationOf(
  className: string,
  input: Value,
  creation: ast.Expression | undefined,
  site: ast.Expression | undefined,
): Value | undefined {
  if (logitModels.test(className)) return made('logits', site ?? creation)
  const [, name] = /^torch\.nn\.(\w+)$/.exec(className) ?? []
  if (name === undefined) return undefined
  if (Object.hasOwn(activations, name)) return made(activations[name], site ?? creation)
  if (affine.test(name)) return made('logits', site ?? creation)
  if (passing.test(name)) return input
  if (averaging.test(name)) return input.kind === 'tensor' && input.activation === 'logits' ? input : tensor
  return recurrent.test(name) ? unknown : tensor
}

const recurrent = /^(?:RNN|LSTM|GRU|MultiheadAttention|Transformer)/

/** Architectures of torchvision that classify, and say so with logits. */
const logitModels =
  /^torchvision\.models\.(?:alexnet|convnext|densenet|efficientnet|mnasnet|mobilenet|regnet|resnet|resnext|shufflenet|squeezenet|swin|vgg|vit|wide_resnet|get_model)\w*$/

function made(activation: Activation | undefined, at: ast.Expression | undefined): Tensor {
  return { kind: 'tensor', activation, at, dimensions: undefined }
}

/** A function of PyTorch on a tensor; undefined where the name is none that is known. */
export function callFunction(
  name: string,
  given: Arguments,
  site: ast.Call | undefined,
  frame: Frame,
): Value | undefined {
  const [, method] = /^torch\.(?:nn\.functional\.|special\.)?(\w+)$/.exec(name) ?? []
  if (method === undefined) return undefined
  const input = given.positional[0] ?? given.keywords.get('input') ?? unknown
  if (/^(?:cat|concat|concatenate|stack|vstack|hstack)$/.test(method)) {
    const elements = sequenceOf(input, frame.state)?.elements ?? [unknown]
    const [first] = elements
    const joined = joinAll(elements)
    // Columns of different origin are no distribution.
    return joined.kind === 'tensor' && (elements.length === 1 || joined.activation !== 'softmax') && first
      ? joined
      : tensor
  }
  if (/^(?:linear|bilinear|conv\dd|conv_transpose\dd)$/.test(method)) return made('logits', site)
  if (/^dropout\d?d?$/.test(method)) return input
  if (factories.test(method)) return shaped(method, given, frame)
  if (/^(?:interpolate|upsample|(?:adaptive_)?(?:avg|max)_pool\dd)$/.test(method))
    return input.kind === 'tensor' && input.activation === 'logits' ? input : tensor
  const rest = { ...given, positional: given.positional.slice(1) }
  return callTensor(input.kind === 'tensor' ? input : tensor, method, rest, site, input.kind === 'tensor')
}

const factories = /^(?:empty|full|ones|rand|randn|zeros|tensor)$/

/** `torch.zeros(1, n, d)`, `torch.zeros((n, d))`. */
function shaped(method: string, { positional, isExact }: Arguments, frame: Frame): Value {
  if (!isExact) return tensor
  const [first] = positional
  const listed = sequenceOf(first, frame.state)
  if (method === 'tensor') {
    if (typeof literalOf(first, frame.state) === 'number') return { ...tensor, dimensions: 0 }
    const inner = listed?.elements[0]
    return listed?.isExact && inner && !sequenceOf(inner, frame.state) ? { ...tensor, dimensions: 1 } : tensor
  }
  if (listed) return listed.isExact ? { ...tensor, dimensions: listed.elements.length } : tensor
  // A shape may come in one variable.
  const isCounted = method !== 'full' && (positional.length > 1 || typeof literalOf(first, frame.state) === 'number')
  return isCounted ? { ...tensor, dimensions: positional.length } : tensor
}

/** Methods that give the same numbers in another shape, type or place. */
const keeping = new Set(
  (
    'bfloat16 clone contiguous cpu cuda detach double expand expand_as flatten float half permute requires_grad_ reshape ' +
    'squeeze to transpose type type_as unsqueeze view view_as'
  ).split(' '),
)

/** A method of a tensor, or the function of the same name. */
export function callTensor(
  receiver: Tensor,
  name: string,
  given: Arguments,
  site: ast.Call | undefined,
  isKnown = true,
): Value {
  const method = name.endsWith('_') && !name.endsWith('__') ? name.slice(0, -1) : name
  if (keeping.has(method) || keeping.has(name)) return isKnown ? { ...receiver, dimensions: undefined } : unknown
  switch (method) {
    case 'softmax':
      return made('softmax', site)
    case 'log_softmax':
      return made('logSoftmax', site)
    case 'sigmoid':
    case 'expit':
      return made('sigmoid', site)
    case 'log':
      return receiver.activation === 'softmax' ? made('logSoftmax', site) : tensor
    case 'exp':
      return receiver.activation === 'logSoftmax' ? made('softmax', receiver.at) : tensor
    case 'clamp':
    case 'clip':
    case 'clamp_min':
      return receiver.activation === 'softmax' || receiver.activation === 'sigmoid' ? receiver : tensor
    case 'mean':
      return receiver.activation === 'logits' && given.positional.length + given.keywords.size > 0 ? receiver : tensor
    case 'item':
    case 'tolist':
    case 'numpy':
    case 'size':
    case 'dim':
      return unknown
    case 'split':
    case 'chunk':
    case 'unbind':
    case 'max':
    case 'min':
    case 'topk':
    case 'sort':
      return unknown
    default:
      return tensor
  }
}
