/** Adaptive optimizers that add the decay to the gradient, which they then rescale. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { visibleDefault } from './defaults.ts'
import { groupDisplays, groupEntry } from './groups.ts'
import { type OptimizerCreation, optimizerCreations } from './optimizers.ts'
import { decayOf } from './weightDecay.ts'

export interface CoupledDecay {
  readonly creation: OptimizerCreation
  /** The decay that is coupled, of the constructor or of one of the groups. */
  readonly decay: ast.Expression
  /** The `False` of `decoupled_weight_decay=False`. */
  readonly switch: ast.Expression | undefined
}

const adaptive: ReadonlySet<string> = new Set(['Adam', 'NAdam', 'RAdam'])

export function coupledDecays(model: Model): readonly CoupledDecay[] {
  return optimizerCreations(model).flatMap(creation => {
    if (!adaptive.has(creation.className)) return []
    const decoupled = model.argument(creation.call, 'decoupled_weight_decay')
    const isOff = decoupled.kind === 'given' && model.constant(decoupled.value) === false
    if (decoupled.kind !== 'absent' && !isOff) return []
    const decay = decayOf(model, creation)?.argument ?? decayOfGroups(model, creation)
    return decay && !saysL2(model, decay) ? [{ creation, decay, switch: isOff ? decoupled.value : undefined }] : []
  })
}

/** `args.l2`, `config["l2_reg"]`: who calls it so means it so. */
function saysL2(model: Model, { start, end }: ast.Expression): boolean {
  return /(?:^|[\W_])l2(?:$|[\W_])/i.test(model.text.slice(start, end))
}

function decayOfGroups(model: Model, { parameters }: OptimizerCreation): ast.Expression | undefined {
  const groups = parameters ? groupDisplays(model, parameters) : []
  return groups
    .map(group => groupEntry(model, group, 'weight_decay'))
    .find(decay => decay && Number(visibleDefault(model, decay)) > 0)
}
