import { type ParameterFact, signature } from './signature.ts'

/** Signatures of the mixed-precision classes, by canonical name. */
const signatures: Readonly<Record<string, readonly ParameterFact[]>> = {
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
  return (signatures[name] ?? []).filter(({ position }) => position !== undefined).map(parameter => parameter.name)
}

export const deprecatedAmpNames: readonly DeprecatedAmpName[] = [
  deprecated('cuda', 'autocast', { since: '1.10', devicePassed: 'first' }),
  deprecated('cuda', 'GradScaler', { since: '2.3', devicePassed: 'first' }),
  deprecated('cuda', 'custom_fwd', { since: '2.4', devicePassed: 'device_type' }),
  deprecated('cuda', 'custom_bwd', { since: '2.4', devicePassed: 'device_type' }),
  deprecated('cpu', 'autocast', { since: '1.10', devicePassed: 'first' }),
  deprecated('cpu', 'GradScaler', { since: '2.3', devicePassed: 'first' }),
]
