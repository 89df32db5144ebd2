import type { Model } from '../semantic/model.ts'
import type { Checkpoint } from '../torch/checkpoints.ts'
import { textOf } from '../torch/names.ts'
import { appendEntry } from './dictEntry.ts'
import type { Edit } from './rule.ts'

/**
 * Saves an object's state in a checkpoint, under a key like the optimizer's: `"scaler_state_dict": scaler.state_dict()`
 * beside `"optimizer_state_dict": …`. Undefined if there is no such key to be had.
 */
export function saveState(
  model: Model,
  { key, dict }: Checkpoint,
  role: 'scaler' | 'scheduler',
  name: string,
): readonly Edit[] | undefined {
  if (key.kind !== 'Constant' || typeof key.value !== 'string') return undefined
  const text = textOf(model, key)
  const named = text.replace(/optimizer|optim|opt/, role)
  const quoted = named === text ? text.replace(key.value, role) : named
  const isTaken = dict.keys.some(other => other && textOf(model, other) === quoted)
  return isTaken ? undefined : appendEntry(model, dict, `${quoted}: ${name}.state_dict()`)
}
