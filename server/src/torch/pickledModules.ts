/** Modules that are saved and loaded as a whole, with their classes, by pickle. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isAtLeast } from './deprecations.ts'
import { currentRelease } from './facts/deprecations.ts'
import { isModule } from './modules.ts'
import { isProbe } from './probes.ts'
import { remember } from './remember.ts'

export interface PickledModule {
  readonly call: ast.Call
  readonly module: ast.Expression
}

/** `torch.save(model, path)`. */
export const savedModules = remember((model: Model): readonly PickledModule[] =>
  model.calls(['torch.save']).flatMap(call => {
    const saved = model.argument(call, 'obj', 0)
    if (saved.kind !== 'given' || isModule(model, saved.value) !== 'yes' || isScripted(model, saved.value)) return []
    return isProbe(model, call) ? [] : [{ call, module: saved.value }]
  }),
)

/** `model = torch.load(path)` of what is then used as a module; since 2.6 the load raises, so older targets are left out. */
export function loadedModules(model: Model, torchVersion: string = currentRelease): readonly PickledModule[] {
  if (!isAtLeast(torchVersion, '2.6')) return []
  return model.calls(['torch.load']).flatMap(call => {
    const [target] = call.parent?.kind === 'Assign' && call.parent.value === call ? call.parent.targets : []
    if (!target || (target.kind !== 'Name' && target.kind !== 'Attribute')) return []
    if (model.argument(call, 'weights_only').kind !== 'absent' || call.keywords.some(isPickleModule)) return []
    if (isProbe(model, call)) return []
    const use = usesOf(model, target).find(expression => comesOnlyFrom(model, expression, call))
    return use && isModule(model, use) === 'yes' ? [{ call, module: target }] : []
  })
}

/** The receivers of calls that are written like what the call assigns. */
function usesOf(model: Model, target: ast.Name | ast.Attribute): readonly ast.Expression[] {
  const text = model.text.slice(target.start, target.end)
  return model.nodes('Call').flatMap(({ func }) => {
    const receiver = func.kind === 'Attribute' ? func.value : undefined
    const isSame = receiver?.kind === target.kind && model.text.slice(receiver.start, receiver.end) === text
    return isSame ? [receiver] : []
  })
}

function comesOnlyFrom(model: Model, expression: ast.Expression, call: ast.Call): boolean {
  return model.values(expression).every(value => value.kind === 'result' && value.call === call)
}

const isPickleModule = ({ arg }: ast.Keyword): boolean => arg === 'pickle_module'

/** A program of TorchScript brings its code along. */
function isScripted(model: Model, module: ast.Expression): boolean {
  return model
    .values(module)
    .some(value => (value.kind === 'result' || value.kind === 'instance') && String(value.of).startsWith('torch.jit.'))
}
