/** Options of a DataLoader that only worker processes have. */
import type { Literal, Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isAtLeast } from './deprecations.ts'
import { isProbe } from './probes.ts'

export interface WorkerOption {
  /** What needs the workers; never empty. */
  readonly keywords: readonly ast.Keyword[]
  readonly raises: 'ValueError' | 'AssertionError'
  /** The `num_workers=0` of the call; undefined: it leaves the default. */
  readonly workers: ast.Expression | undefined
}

interface Option {
  readonly raises: WorkerOption['raises']
  readonly rejects: (value: Literal) => boolean
}

/** Which values PyTorch rejects without workers, and how: `timeout` only when the loader is iterated. */
const options: Readonly<Record<string, Option>> = {
  multiprocessing_context: { raises: 'ValueError', rejects: value => typeof value === 'string' },
  persistent_workers: { raises: 'ValueError', rejects: value => value === true },
  prefetch_factor: { raises: 'ValueError', rejects: value => typeof value === 'number' },
  timeout: { raises: 'AssertionError', rejects: value => typeof value === 'number' && value > 0 },
}

export function workerOptions(model: Model, torchVersion: string | undefined): readonly WorkerOption[] {
  return model.calls(['torch.utils.data.DataLoader']).flatMap(call => {
    const workers = model.argument(call, 'num_workers', 5)
    if (workers.kind === 'unknown') return []
    if (workers.kind === 'given' && model.constant(workers.value) !== 0) return []
    const keywords = call.keywords.filter(keyword => isRejected(model, keyword, torchVersion))
    if (keywords.length === 0 || isProbe(model, call)) return []
    const late = keywords.every(({ arg }) => options[arg ?? '']?.raises === 'AssertionError')
    const given = workers.kind === 'given' ? workers.value : undefined
    return [{ keywords, raises: late ? 'AssertionError' : 'ValueError', workers: given }]
  })
}

function isRejected(model: Model, keyword: ast.Keyword, torchVersion: string | undefined): boolean {
  const option = Object.hasOwn(options, keyword.arg ?? '') ? options[keyword.arg ?? ''] : undefined
  const value = option && model.constant(keyword.value)
  if (!option || value === undefined || !option.rejects(value)) return false
  return !isOldDefault(keyword, value, torchVersion)
}

/** Before PyTorch 2.0, two batches per worker were the default, which is never rejected. */
function isOldDefault({ arg }: ast.Keyword, value: Literal, torchVersion: string | undefined): boolean {
  return arg === 'prefetch_factor' && value === 2 && torchVersion !== undefined && !isAtLeast(torchVersion, '2.0')
}
