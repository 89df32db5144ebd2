/**
 * The words of PyTorch for the layer below, which knows none: under which name a symbol is known best, which symbols
 * are classes and of what, and which calls hand back an object that they were given.
 */
import { scalerClasses } from './facts/amp.ts'
import { optimizers } from './facts/optimizers.ts'
import { schedulers } from './facts/schedulers.ts'

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
  [/^torch\.utils\.data\.(?:dataloader|dataset|sampler)\.([A-Z]\w*)$/, 'torch.utils.data.$1'],
  [/^torch\.utils\.data\.DistributedSampler$/, 'torch.utils.data.distributed.DistributedSampler'],
  [/^torchvision\.models\.(?:(?:segmentation|detection|video|quantization|optical_flow)\.)?[a-z_0-9]+\.(\w+)$/, ''],
  [/^timm\.models(?:\.factory|\._factory)?\.create_model$/, 'timm.create_model'],
  [/^accelerate\.accelerator\.Accelerator$/, 'accelerate.Accelerator'],
]

/** The class or function of this name as its documentation calls it: `torch.optim.adamw.AdamW` is `torch.optim.AdamW`. */
export function canonicalName(name: string): string {
  if (!name.startsWith('t') && !name.startsWith('a')) return name
  for (const [pattern, replacement] of aliases) {
    if (!pattern.test(name)) continue
    return replacement === '' ? withoutModule(name) : name.replace(pattern, replacement)
  }
  return name
}

/** `torchvision.models.resnet.resnet50` → `torchvision.models.resnet50`. */
function withoutModule(name: string): string {
  const parts = name.split('.')
  return [...parts.slice(0, -2), ...parts.slice(-1)].join('.')
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

/** Is the symbol of this canonical name a class? PyTorch and torchvision name classes as PEP 8 asks. */
export function isClass(name: string): boolean {
  return lowerCaseClasses.has(name) || /^(?:torch|torchvision)\.(?:\w+\.)*_?[A-Z]\w*$/.test(name)
}

const notModules = new Set(['Parameter', 'Buffer', 'UninitializedParameter', 'UninitializedBuffer', 'Module'])

/** The classes that an imported class derives from, as far as an analysis needs them; undefined if they are not known. */
export function baseClasses(name: string): readonly string[] | undefined {
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
  return isClass(name) ? [] : undefined
}

const handedBack: Readonly<Record<string, number>> = {
  'torch.compile': 0,
  'torch.jit.script': 0,
  'torch.jit.trace': 0,
  'torch.nn.SyncBatchNorm.convert_sync_batchnorm': 0,
  'torch.nn.utils.weight_norm': 0,
  'torch.nn.utils.spectral_norm': 0,
  'torch.nn.utils.parametrizations.weight_norm': 0,
  'torch.nn.utils.parametrizations.spectral_norm': 0,
}

/** The position of the argument that a function returns: `torch.compile(model)` is the model, as far as its parameters go. */
export function returnedArgument(name: string): number | undefined {
  return Object.hasOwn(handedBack, name) ? handedBack[name] : undefined
}

const chainable = new Set([
  'apply',
  'bfloat16',
  'cpu',
  'cuda',
  'double',
  'eval',
  'float',
  'half',
  'requires_grad_',
  'share_memory',
  'to',
  'to_empty',
  'train',
  'type',
  'xpu',
])

/** Does the method of an instance of the class return the instance itself? So do those of `nn.Module` that change it. */
export function returnsReceiver(className: string, method: string): boolean {
  return className === 'torch.nn.Module' && chainable.has(method)
}
