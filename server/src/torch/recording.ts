/** Does autograd record what runs at a place, so that its results keep a graph? */
import { nodesRun } from '../semantic/followed.ts'
import type { Certainty, Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { encloses } from '../syntax/walk.ts'
import { isModule } from './modules.ts'
import { remember } from './remember.ts'

/**
 * Heeds `with` and decorators, here and where the function is called. Where nobody in the file calls it, it is called
 * plainly: an evaluation that needs its caller's `no_grad` is not what one writes. Unknown for a context, a decorator or a
 * base class that is not visible, and wherever recording is switched by a call.
 */
export function isRecorded(model: Model, node: ast.Node): Certainty {
  if (switchesRecording(model)) return 'unknown'
  const known = answers(model).get(node)
  if (known) return known
  const answer = recorded(model, node, 0)
  answers(model).set(node, answer)
  return answer
}

/** Paths ask again wherever they meet a call. */
const answers = remember((_model: Model) => new Map<ast.Node, Certainty>())

const depthLimit = 6

function recorded(model: Model, node: ast.Node, depth: number): Certainty {
  for (const context of model.contexts(node)) {
    const effect = effectOf(model, context)
    if (effect !== 'none') return effect
  }
  const code = functionAround(node)
  if (!code) return 'yes'
  const sites = depth < depthLimit ? sitesOf(model, code) : undefined
  if (!sites) return 'unknown'
  const answers = sites.map(site => recorded(model, site, depth + 1))
  const [first = 'yes', ...others] = answers
  return others.every(answer => answer === first) ? first : 'unknown'
}

/** What a context does to the recording: `yes` and `no` decide, `none` leaves it as it is outside. */
function effectOf(model: Model, context: ast.Expression): Certainty | 'none' {
  const call = context.kind === 'Call' ? context : undefined
  const name = model.qualifiedName(call ? call.func : context)
  const [mode] = call ? [...call.args, ...call.keywords.map(({ value }) => value)] : []
  switch (name?.replace(/^torch\.autograd\.(?:grad_mode\.)?/, 'torch.')) {
    case 'torch.no_grad':
      return 'no'
    case 'torch.enable_grad':
      return 'yes'
    case 'torch.inference_mode':
      return mode === undefined || model.constant(mode) === true ? 'no' : 'unknown'
    case 'torch.set_grad_enabled': {
      const value = mode && model.constant(mode)
      return typeof value === 'boolean' ? (value ? 'yes' : 'no') : 'unknown'
    }
    case 'contextlib.ExitStack':
      return 'unknown'
    default:
      return name !== undefined && harmless.test(name) ? 'none' : 'unknown'
  }
}

/** Contexts and decorators that have nothing to do with gradients. */
const harmless =
  /^(?:builtins|click|contextlib|functools|gzip|h5py|hydra|logging|os|PIL|profile|pytest|rich|tempfile|threading|time|tqdm|typer|typing|warnings|zipfile)\.|^torch\.(?:amp|autocast|autograd\.(?:detect_anomaly|profiler|set_detect_anomaly)|backends|cuda|cpu|device|distributed|jit|profiler)\b/

/** Where a function is called: all that may be calls of it, where it is passed around; undefined where that hides calls. */
function sitesOf(model: Model, code: ast.FunctionLike): readonly ast.Expression[] | undefined {
  const sites = model.callSites(code)
  if (code.kind === 'Lambda') return sites
  if (sites && sites.length > 0) return sites
  if (code.parent?.kind === 'ClassDef' && hasHiddenBase(model, code.parent)) return undefined
  if (sites) return sites
  return (mentions(model).get(code.name) ?? []).filter(node => {
    if (encloses(code, node)) return false
    return node.kind === 'Name' || isModule(model, node.value) !== 'yes'
  })
}

/** Every name and attribute of the file, by what it is called. */
const mentions = remember((model: Model): ReadonlyMap<string, readonly (ast.Name | ast.Attribute)[]> => {
  const byName = new Map<string, (ast.Name | ast.Attribute)[]>()
  for (const node of [...model.nodes('Name'), ...model.nodes('Attribute')]) {
    const name = node.kind === 'Name' ? node.id : node.attr
    const known = byName.get(name)
    if (known) known.push(node)
    else byName.set(name, [node])
  }
  return byName
})

/** A base class from elsewhere may call the method as it likes. */
export function hasHiddenBase(model: Model, node: ast.ClassDef): boolean {
  return node.bases.some(base =>
    model.values(base).some(value => {
      if (value.kind === 'class') return value.node !== node && hasHiddenBase(model, value.node)
      return value.kind !== 'symbol' || !/^(?:builtins\.object|abc\.ABC|torch\.nn\.Module)$/.test(value.name)
    }),
  )
}

export function functionAround(node: ast.Node): ast.FunctionLike | undefined {
  for (let at = node.parent; at; at = at.parent) if (at.kind === 'FunctionDef' || at.kind === 'Lambda') return at
  return undefined
}

/** `torch.set_grad_enabled(False)` on a line of its own, or `__enter__()`, holds until the next one, wherever that is. */
const switchesRecording = remember(
  (model: Model): boolean =>
    nodesRun(model, 'Attribute').some(({ attr }) => attr === '__enter__') || switchesByCall(model),
)

const switchesByCall = (model: Model): boolean =>
  [undefined, ...model.followed()]
    .flatMap(code => model.calls(switches, code))
    .some(({ parent }) => parent?.kind !== 'WithItem' && parent?.kind !== 'Decorator')

const switches = [
  'torch.set_grad_enabled',
  'torch.autograd.set_grad_enabled',
  'torch.autograd.grad_mode.set_grad_enabled',
]
