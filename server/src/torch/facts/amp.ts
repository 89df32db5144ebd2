import { type ParameterFact, signature } from './signature.ts'

/** Signatures of the mixed-precision classes, by canonical name. */
export const ampSignatures: Readonly<Record<string, readonly ParameterFact[]>> = {
  'torch.autocast': signature('device_type, dtype=None, enabled=True, cache_enabled=None'),
  'torch.cuda.amp.autocast': signature('enabled=True, dtype=torch.float16, cache_enabled=True'),
  'torch.cpu.amp.autocast': signature('enabled=True, dtype=torch.bfloat16, cache_enabled=True'),
  'torch.amp.GradScaler': signature(
    "device='cuda', init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2000, enabled=True",
  ),
  'torch.cuda.amp.GradScaler': signature(
    'init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2000, enabled=True',
  ),
  'torch.cpu.amp.GradScaler': signature(
    'init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2000, enabled=True',
  ),
}

/** Every class whose instances speak the GradScaler protocol. */
export const scalerClasses: readonly string[] = [
  'torch.amp.GradScaler',
  'torch.cuda.amp.GradScaler',
  'torch.cpu.amp.GradScaler',
  'torch.distributed.fsdp.sharded_grad_scaler.ShardedGradScaler',
]

export const autocastClasses: readonly string[] = [
  'torch.autocast',
  'torch.cuda.amp.autocast',
  'torch.cpu.amp.autocast',
]

/** Device types that autocast knows; others, such as `npu`, come with a backend that is installed beside PyTorch. */
export const autocastDevices: readonly string[] = ['cpu', 'cuda', 'hpu', 'maia', 'mps', 'mtia', 'xla', 'xpu']

/** The dtypes of autocast on the CPU; with another one it switches itself off. */
export const cpuAutocastDtypes: readonly string[] = ['bfloat16', 'float16']

/** Everything in `torch` that is a `torch.dtype`, with its one name. */
export const dtypes: Readonly<Record<string, string>> = {
  'torch.bfloat16': 'bfloat16',
  'torch.bool': 'bool',
  'torch.double': 'float64',
  'torch.float': 'float32',
  'torch.float16': 'float16',
  'torch.float32': 'float32',
  'torch.float64': 'float64',
  'torch.half': 'float16',
  'torch.int': 'int32',
  'torch.int16': 'int16',
  'torch.int32': 'int32',
  'torch.int64': 'int64',
  'torch.int8': 'int8',
  'torch.long': 'int64',
  'torch.short': 'int16',
  'torch.uint8': 'uint8',
}

/** A loss that CUDA autocast refuses, and the one that takes logits instead of probabilities. */
export interface UnsafeLoss {
  readonly function: string
  readonly class: string
  readonly successor: { readonly function: string; readonly class: string }
}

export const unsafeLosses: readonly UnsafeLoss[] = [
  {
    function: 'torch.nn.functional.binary_cross_entropy',
    class: 'torch.nn.BCELoss',
    successor: {
      function: 'torch.nn.functional.binary_cross_entropy_with_logits',
      class: 'torch.nn.BCEWithLogitsLoss',
    },
  },
]

/** A name of mixed precision that warns when it is called. Importing it is silent. */
export interface DeprecatedAmpName {
  readonly name: string
  /** The version that began to warn. */
  readonly since: string
  readonly successor: {
    /** The module and name to import. */
    readonly module: string
    readonly name: string
    /** The version that brought it. */
    readonly since: string
    readonly device: string
    /** How the device is passed: as the first argument, or as this keyword. */
    readonly devicePassed: 'first' | 'device_type'
    /** The successor's positional parameters after the device; the old ones keep their names. */
    readonly positional: readonly string[]
  }
  /** The old name's positional parameters. */
  readonly positional: readonly string[]
}

function deprecated(
  device: 'cuda' | 'cpu',
  name: 'autocast' | 'GradScaler' | 'custom_fwd' | 'custom_bwd',
  successor: Pick<DeprecatedAmpName['successor'], 'since' | 'devicePassed'>,
): DeprecatedAmpName {
  const old = `torch.${device}.amp.${name}`
  const [, ...positional] = positionalNames(name === 'autocast' ? 'torch.autocast' : `torch.amp.${name}`)
  return {
    name: old,
    since: '2.4',
    positional: positionalNames(old),
    successor: { ...successor, module: 'torch.amp', name, device, positional },
  }
}

function positionalNames(name: string): readonly string[] {
  return (ampSignatures[name] ?? []).filter(({ position }) => position !== undefined).map(parameter => parameter.name)
}

export const deprecatedAmpNames: readonly DeprecatedAmpName[] = [
  deprecated('cuda', 'autocast', { since: '1.10', devicePassed: 'first' }),
  deprecated('cuda', 'GradScaler', { since: '2.3', devicePassed: 'first' }),
  deprecated('cuda', 'custom_fwd', { since: '2.4', devicePassed: 'device_type' }),
  deprecated('cuda', 'custom_bwd', { since: '2.4', devicePassed: 'device_type' }),
  deprecated('cpu', 'autocast', { since: '1.10', devicePassed: 'first' }),
  deprecated('cpu', 'GradScaler', { since: '2.3', devicePassed: 'first' }),
]
