/** Whether cuDNN's autotuner would pay: a convolutional network on CUDA whose input always has one size. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { contains } from './architecture.ts'
import { unknownFlags } from './backends.ts'
import { movesToCuda } from './devices.ts'
import { layersOfKind } from './facts/modules.ts'
import { textOf } from './names.ts'
import { remember } from './remember.ts'
import { isEntryPoint, isOptimized, trains } from './trainedModels.ts'
import { methodCall } from './usage.ts'

/**
 * Where the script, started by itself, moves the convolutional network that it trains on inputs of one size to CUDA;
 * undefined if one of these is not certain, or if the script has an opinion on autotuning or reproducible runs already.
 */
export const untunedMove = remember((model: Model): ast.Call | undefined => {
  if (hasOpinion(model) || !isEntryPoint(model) || !trains(model)) return undefined
  if (!hasFixedInput(model) || hasOnlyPatches(model)) return undefined
  return model.nodes('Call').find(call => {
    const method = movesToCuda(model, call) ? methodCall(call) : undefined
    return method && contains(model, method.receiver, 'convolution') === 'yes' && isOptimized(model, method.receiver)
  })
})

/** Do the file's own convolutions only cut the input into patches, as in a vision transformer? They are one matrix product. */
function hasOnlyPatches(model: Model): boolean {
  const convolutions = model.calls(layersOfKind.convolution.map(name => `torch.nn.${name}`))
  return convolutions.length > 0 && convolutions.every(call => isPatchwise(model, call))
}

function isPatchwise(model: Model, call: ast.Call): boolean {
  const [kernel, stride] = [model.argument(call, 'kernel_size', 2), model.argument(call, 'stride', 3)]
  if (kernel.kind !== 'given' || stride.kind !== 'given') return false
  return textOf(model, kernel.value) === textOf(model, stride.value) && model.constant(kernel.value) !== 1
}

/** Any word on the flags, be it misspelled, a seed (the run is meant to repeat), or a helper that may set them. */
function hasOpinion(model: Model): boolean {
  return (
    /\bbenchmark\b|deterministic|manual_seed|cudnn\s*\.\s*(?:flags|enabled)/.test(model.text) ||
    unknownFlags(model).some(({ meant }) => meant === 'benchmark' || meant === 'deterministic') ||
    model.nodes('Call').some(call => {
      const name = model.qualifiedName(call.func) ?? model.text.slice(call.func.start, call.func.end)
      return !/^(?:torch|numpy|random)\./.test(name) && /seed|determin|reproduc|cudnn|setup|init_env/i.test(name)
    })
  )
}

/** Data sets whose images have one size. */
const fixedDatasets = [
  'CIFAR10',
  'CIFAR100',
  'EMNIST',
  'FashionMNIST',
  'KMNIST',
  'MNIST',
  'QMNIST',
  'STL10',
  'SVHN',
  'USPS',
].map(name => `torchvision.datasets.${name}`)

const crops = ['CenterCrop', 'RandomCrop', 'RandomResizedCrop', 'FiveCrop', 'TenCrop'].flatMap(inTransforms)
const resizes = inTransforms('Resize')
const tensors = ['torch.empty', 'torch.ones', 'torch.rand', 'torch.randn', 'torch.zeros']

function inTransforms(name: string): readonly string[] {
  return [`torchvision.transforms.${name}`, `torchvision.transforms.v2.${name}`]
}

/** What changes the size of a batch on the way. */
const variable = /collate_fn|multi_?scale|CocoDetection|VOCDetection|pad_sequence/

function hasFixedInput(model: Model): boolean {
  if (variable.test(model.text)) return false
  return (
    model.calls([...fixedDatasets, ...crops]).length > 0 ||
    model.calls(resizes).some(({ args: [size] }) => size?.kind === 'Tuple' || size?.kind === 'List') ||
    model.calls(tensors).some(call => hasImageShape(model, call))
  )
}

/** `torch.randn(32, 3, 224, 224)`. */
function hasImageShape(model: Model, { args }: ast.Call): boolean {
  return args.length === 4 && args.every(argument => typeof model.constant(argument) === 'number')
}
