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
    /** How the device is passed: as the first argument, or as this keyword. */
    readonly device: string
    readonly devicePassed: 'first' | 'device_type'
    /** The successor's positional parameters after the device; the old ones keep their names. */
    readonly positional: readonly string[]
  }
  /** The old name's positional parameters. */
  readonly positional: readonly string[]
}

const scaler = ['init_scale', 'growth_factor', 'backoff_factor', 'growth_interval', 'enabled']

function deprecated(device: string, what: 'autocast' | 'GradScaler' | 'custom_fwd' | 'custom_bwd'): DeprecatedAmpName {
  const successor = { module: 'torch.amp', name: what, device }
  const name = `torch.${device}.amp.${what}`
  switch (what) {
    case 'autocast':
      return {
        name,
        since: '2.4',
        positional: ['enabled', 'dtype', 'cache_enabled'],
        successor: {
          ...successor,
          since: '1.10',
          devicePassed: 'first',
          positional: ['dtype', 'enabled', 'cache_enabled'],
        },
      }
    case 'GradScaler':
      return {
        name,
        since: '2.4',
        positional: scaler,
        successor: { ...successor, since: '2.3', devicePassed: 'first', positional: scaler },
      }
    default:
      return {
        name,
        since: '2.4',
        positional: [what === 'custom_fwd' ? 'fwd' : 'bwd'],
        successor: {
          ...successor,
          since: '2.4',
          devicePassed: 'device_type',
          positional: [what === 'custom_fwd' ? 'fwd' : 'bwd'],
        },
      }
  }
}

export const deprecatedAmpNames: readonly DeprecatedAmpName[] = [
  deprecated('cuda', 'autocast'),
  deprecated('cuda', 'GradScaler'),
  deprecated('cuda', 'custom_fwd'),
  deprecated('cuda', 'custom_bwd'),
  deprecated('cpu', 'autocast'),
  deprecated('cpu', 'GradScaler'),
]
