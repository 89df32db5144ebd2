/** `torch.nn.utils`: functions that put other parameters in the place of a weight. */
import type { Frame } from './evaluation.ts'
import {
  type Arguments,
  contentsOf,
  create,
  type Instance,
  instanceOf,
  literalOf,
  unknown,
  type Value,
} from './values.ts'

export function reparametrized(name: string, given: Arguments, frame: Frame): Value {
  const { state } = frame
  const [module = given.keywords.get('module')] = given.positional
  const instance = instanceOf(module, state)
  const key = literalOf(given.positional[1] ?? given.keywords.get('name'), state) ?? 'weight'
  const weight = typeof key === 'string' ? instance?.attributes.get(key) : undefined
  const contents = contentsOf(weight, state)
  if (module?.kind !== 'object' || !instance) return unknown
  if (contents?.kind !== 'parameter' || typeof key !== 'string') {
    state.heap.set(module.identity, { ...instance, isComplete: false })
    return module
  }
  const { dimensions } = contents
  const parameter = (): Value => create({ kind: 'parameter', dimensions }, state)
  const attributes = new Map(instance.attributes)
  attributes.delete(key)
  switch (name) {
    case 'torch.nn.utils.weight_norm':
      attributes.set(`${key}_g`, parameter()).set(`${key}_v`, parameter())
      break
    case 'torch.nn.utils.spectral_norm':
      attributes.set(`${key}_orig`, parameter())
      break
    case 'torch.nn.utils.parametrizations.weight_norm':
      attributes.set('parametrizations', parametrizations(key, ['original0', 'original1'], parameter, frame))
      break
    case 'torch.nn.utils.parametrizations.spectral_norm':
    case 'torch.nn.utils.parametrizations.orthogonal':
      attributes.set('parametrizations', parametrizations(key, ['original'], parameter, frame))
      break
    default:
      state.heap.set(module.identity, { ...instance, isComplete: false })
      return module
  }
  state.heap.set(module.identity, { ...instance, attributes })
  return module
}

function parametrizations(key: string, names: readonly string[], parameter: () => Value, frame: Frame): Value {
  const list = part(
    'torch.nn.utils.parametrize.ParametrizationList',
    names.map(name => [name, parameter()]),
  )
  return create(part('torch.nn.ModuleDict', [[key, create(list, frame.state)]]), frame.state)
}

function part(className: string, attributes: readonly (readonly [string, Value])[]): Instance {
  return {
    kind: 'instance',
    isModule: true,
    class: className,
    creation: undefined,
    attributes: new Map(attributes),
    given: undefined,
    rest: [],
    isComplete: true,
  }
}
