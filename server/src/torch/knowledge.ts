/** What the layer below must know of PyTorch, which it does not: the names of a symbol, its classes, what calls return. */
import type { Knowledge } from '../semantic/knowledge.ts'
import { scalerClasses } from './facts/amp.ts'
import { chainableMethods, modelBuilders } from './facts/modules.ts'
import { optimizers } from './facts/optimizers.ts'
import { schedulers } from './facts/schedulers.ts'

export const knowledge: Knowledge = {
  canonical: canonicalName,
  isClass,
  bases: baseClasses,
  returns,
  invokes: className => (className === 'torch.nn.Module' ? 'forward' : undefined),
  transparent: name => (transparent.has(name) ? true : undefined),
}

/** Where symbols also live, and the name that the documentation gives them. */
const aliases: readonly (readonly [RegExp, string])[] = [
  [/^torch\.optim\.(?!lr_scheduler\.|swa_utils\.)[a-z_]+\.([A-Z]\w*)$/, 'torch.optim.$1'],
  [/^torch\.optim\.lr_scheduler\._LRScheduler$/, 'torch.optim.lr_scheduler.LRScheduler'],
  [/^torch\.nn\.modules(?:\.[a-z]+)?\.([A-Z]\w*)$/, 'torch.nn.$1'],
  [/^torch\.nn\.parallel(?:\.distributed)?\.DistributedDataParallel$/, 'torch.nn.parallel.DistributedDataParallel'],
  [/^torch\.nn\.parallel(?:\.data_parallel)?\.DataParallel$/, 'torch.nn.DataParallel'],
  [/^torch\.nn\.parameter\.([A-Z]\w*)$/, 'torch.nn.$1'],
  [/^torch\.nn\.utils\.clip_grad\.(\w+)$/, 'torch.nn.utils.$1'],
  [/^torch\.(?:amp\.(?:autocast_mode\.)?)?autocast$/, 'torch.autocast'],
  [/^torch\.(?:amp\.(?:grad_scaler\.)?)?GradScaler$/, 'torch.amp.GradScaler'],
  [/^torch\.(cuda|cpu)\.amp\.autocast_mode\.(\w+)$/, 'torch.$1.amp.$2'],
  [/^torch\.(cuda|cpu)\.amp\.grad_scaler\.(\w+)$/, 'torch.$1.amp.$2'],
  [/^torch\.amp\.autocast_mode\.(\w+)$/, 'torch.amp.$1'],
  [/^torch\.autograd\.(?:grad_mode\.)?(no_grad|enable_grad|inference_mode|set_grad_enabled)$/, 'torch.$1'],
  [/^torch\.utils\.data\.(?:dataloader|dataset|sampler)\.([A-Z]\w*|[a-z]+_[a-z]+)$/, 'torch.utils.data.$1'],
  [/^torch\.distributed\.distributed_c10d\.(\w+)$/, 'torch.distributed.$1'],
  [/^torch\.utils\.data\.DistributedSampler$/, 'torch.utils.data.distributed.DistributedSampler'],
  [/^(torchvision\.models\.)(?!segmentation|detection|video|quantization|optical_flow)\w+\.(\w+)$/, '$1$2'],
  [/^(torchvision\.models\.(?:segmentation|detection|video|quantization|optical_flow)\.)\w+\.(\w+)$/, '$1$2'],
  [/^timm\.models(?:\.factory|\._factory)?\.create_model$/, 'timm.create_model'],
]

/** The class or function of this name as its documentation calls it: `torch.optim.adamw.AdamW` is `torch.optim.AdamW`. */
function canonicalName(name: string): string {
  if (!name.startsWith('torch') && !name.startsWith('timm')) return name
  for (const [pattern, replacement] of aliases) {
    if (pattern.test(name)) return name.replace(pattern, replacement)
  }
  return name
}

/** Classes with the name of a function. */
const lowerCaseClasses = new Set([
  'torch.autocast',
  'torch.cuda.amp.autocast',
  'torch.cpu.amp.autocast',
  'torch.no_grad',
  'torch.enable_grad',
  'torch.inference_mode',
  'torch.set_grad_enabled',
  'torch.device',
])

/** PyTorch names its other classes as PEP 8 asks, so the layer below recognises them. */
function isClass(name: string): boolean | undefined {
  return lowerCaseClasses.has(name) ? true : undefined
}

const notModules = new Set(['Parameter', 'Buffer', 'UninitializedParameter', 'UninitializedBuffer', 'Module'])

/** The classes that a class derives from, as far as an analysis needs them. */
function baseClasses(name: string): readonly string[] | undefined {
  const [, optimizer] = /^torch\.optim\.(\w+)$/.exec(name) ?? []
  if (optimizer === 'Optimizer') return []
  if (optimizer !== undefined) return Object.hasOwn(optimizers, optimizer) ? ['torch.optim.Optimizer'] : undefined
  const [, scheduler] = /^torch\.optim\.(?:lr_scheduler|swa_utils)\.(\w+)$/.exec(name) ?? []
  if (scheduler !== undefined && Object.hasOwn(schedulers, scheduler)) return ['torch.optim.lr_scheduler.LRScheduler']
  if (scheduler === 'LRScheduler') return []
  if (scheduler === 'AveragedModel') return ['torch.nn.Module']
  if (name === 'torch.amp.GradScaler') return []
  if (scalerClasses.includes(name)) return ['torch.amp.GradScaler']
  const [, module] = /^(?:torch\.nn\.(?:parallel\.)?|torchvision\.models\.(?:\w+\.)*)([A-Z]\w*)$/.exec(name) ?? []
  if (module !== undefined && !name.endsWith('_Weights')) return notModules.has(module) ? [] : ['torch.nn.Module']
  return lowerCaseClasses.has(name) ? [] : undefined
}

/** What calling something makes, where the name does not say it: architectures are modules, and a module's own methods chain. */
function returns(name: string): string | undefined {
  const [, method] = /^torch\.nn\.Module\.(\w+)$/.exec(name) ?? []
  if (method !== undefined) return chainableMethods.has(method) ? 'self' : undefined
  if (modelBuilders.includes(name) || /^(?:torchvision|timm)\.models\.(?:\w+\.)*[a-z]\w*$/.test(name))
    return 'torch.nn.Module'
  return undefined
}

/** Decorators that run the function as it is, in another mode. */
const transparent = new Set([
  'torch.autocast',
  'torch.cuda.amp.autocast',
  'torch.cpu.amp.autocast',
  'torch.compile',
  'torch.distributed.elastic.multiprocessing.errors.record',
  'torch.enable_grad',
  'torch.inference_mode',
  'torch.jit.export',
  'torch.jit.ignore',
  'torch.no_grad',
])
