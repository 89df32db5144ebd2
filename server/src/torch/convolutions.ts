/** Whether cuDNN's autotuner would pay: a convolutional network on CUDA whose input always has one size. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { contains } from './architecture.ts'
import { movesToCuda } from './devices.ts'
import { remember } from './remember.ts'
import { isEntryPoint, isOptimized, trains } from './trainedModels.ts'
import { methodCall } from './usage.ts'

/**
 * Where the script, started by itself, moves the convolutional network that it trains on inputs of one size to CUDA;
 * undefined if one of these is not certain, or if the script has an opinion on autotuning or reproducible runs already.
 */
export const untunedMove = remember((model: Model): ast.Call | undefined => {
  if (hasOpinion(model) || !isEntryPoint(model) || !trains(model) || !hasFixedInput(model)) return undefined
  return model.nodes('Call').find(call => {
    const method = movesToCuda(model, call) ? methodCall(call) : undefined
    return method && contains(model, method.receiver, 'convolution') === 'yes' && isOptimized(model, method.receiver)
  })
})

/** Any word on the flags, a seed (the run is meant to repeat), or a helper that may set them. */
function hasOpinion(model: Model): boolean {
  return (
    /\bbenchmark\b|deterministic|manual_seed|cudnn\s*\.\s*(?:flags|enabled)/.test(model.text) ||
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
