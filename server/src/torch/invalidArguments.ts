/** Arguments of autocast, GradScaler and `scaler.update` that PyTorch rejects, or takes for something else. */
import type { Model, Value } from '../semantic/model.ts'
import { nearestName } from '../spelling.ts'
import type * as ast from '../syntax/ast.ts'
import { ampArgument, ampClass } from './ampArguments.ts'
import { autocastOf } from './autocast.ts'
import { autocastClasses, autocastDevices, cpuAutocastDtypes, dtypes, scalerClasses } from './facts/amp.ts'
import { isProbe } from './probes.ts'
import { isScaler } from './scalers.ts'
import { methodCall } from './usage.ts'

export type InvalidArgument = { readonly call: ast.Call } & (
  | { readonly problem: 'missing'; readonly parameter: string }
  /** PyTorch raises: the argument is of another type. */
  | {
      readonly problem: 'type'
      readonly parameter: string
      readonly argument: ast.Expression
      readonly expected: string
      readonly given: GivenType
    }
  /** There is no such device type; `meant`: the one that is spelled like it, or called so elsewhere. */
  | { readonly problem: 'device'; readonly argument: ast.Expression; readonly meant: string }
  /** PyTorch says nothing, and takes the argument for the device. */
  | { readonly problem: 'misread'; readonly argument: ast.Expression; readonly meant: 'init_scale' | 'enabled' }
  | { readonly problem: 'bound'; readonly argument: ast.Expression; readonly parameter: string; readonly bound: string }
  /** A dtype for which autocast on the CPU switches itself off. */
  | { readonly problem: 'dtype'; readonly argument: ast.Expression }
)

export type GivenType = 'bool' | 'int' | 'float' | 'str' | 'torch.device' | 'torch.dtype'

export function invalidArguments(model: Model): readonly InvalidArgument[] {
  const found = [
    ...autocastClasses.flatMap(name => model.calls([name]).flatMap(call => inAutocast(model, call, name))),
    ...model.calls(scalerClasses).flatMap(call => inScaler(model, call)),
    ...model.nodes('Call').flatMap(call => inUpdate(model, call)),
  ]
  return found.filter(({ call }) => !isProbe(model, call)).sort((a, b) => a.call.start - b.call.start)
}

function inAutocast(model: Model, call: ast.Call, className: string): readonly InvalidArgument[] {
  const found: InvalidArgument[] = []
  const check = (parameter: string, expected: string, wrong: readonly GivenType[]): void => {
    const argument = given(model, call, parameter)
    const type = argument && typeOf(model, argument)
    if (argument && type && wrong.includes(type))
      found.push({ call, problem: 'type', parameter, argument, expected, given: type })
  }
  if (className === 'torch.autocast') {
    if (model.argument(call, 'device_type', 0).kind === 'absent')
      return [{ call, problem: 'missing', parameter: 'device_type' }]
    check('device_type', 'str', ['bool', 'int', 'float', 'torch.device', 'torch.dtype'])
  }
  check('dtype', 'torch.dtype', ['bool', 'int', 'float', 'str'])
  check('enabled', 'bool', ['torch.dtype'])
  return found.length > 0 ? found : inDevice(model, call)
}

function inDevice(model: Model, call: ast.Call): readonly InvalidArgument[] {
  const { enabled, dtype } = autocastOf(model, call)
  const device = given(model, call, 'device_type')
  const name = device && model.constant(device)
  const meant = typeof name === 'string' ? meantDevice(name) : undefined
  if (device && meant !== undefined) return [{ call, problem: 'device', argument: device, meant }]
  const argument = given(model, call, 'dtype')
  const isOnCpu = ampClass(model, call) === 'torch.cpu.amp.autocast' || name === 'cpu'
  return isOnCpu && argument && enabled !== 'no' && dtype !== undefined && !cpuAutocastDtypes.includes(dtype)
    ? [{ call, problem: 'dtype', argument }]
    : []
}

/** The device that a misspelled one stands for. Others may belong to a backend that PyTorch is extended by. */
function meantDevice(name: string): string | undefined {
  const [, type = name, index = ''] = /^(.*?)(:\d+)?$/.exec(name) ?? []
  const lowered = type.toLowerCase()
  if (autocastDevices.includes(type)) return undefined
  const meant = lowered === 'gpu' ? 'cuda' : autocastDevices.find(device => device === lowered)
  const nearest = meant ?? (type.length > 3 ? nearestName(type, autocastDevices) : undefined)
  return nearest && nearest + index
}

function inScaler(model: Model, call: ast.Call): readonly InvalidArgument[] {
  const device = given(model, call, 'device')
  const type = device && typeOf(model, device)
  if (device && (type === 'int' || type === 'float' || type === 'bool'))
    return [{ call, problem: 'misread', argument: device, meant: type === 'bool' ? 'enabled' : 'init_scale' }]
  const enabled = given(model, call, 'enabled')
  if (enabled && model.constant(enabled) === false) return []
  return bounds.flatMap(({ parameter, bound, holds }) => {
    const argument = given(model, call, parameter)
    const value = argument && model.constant(argument)
    return argument && typeof value === 'number' && !holds(value)
      ? [{ call, problem: 'bound', argument, parameter, bound }]
      : []
  })
}

const bounds = [
  { parameter: 'growth_factor', bound: '> 1', holds: (value: number) => value > 1 },
  { parameter: 'backoff_factor', bound: '< 1', holds: (value: number) => value < 1 },
]

function inUpdate(model: Model, call: ast.Call): readonly InvalidArgument[] {
  const method = methodCall(call)
  const scale = method?.method === 'update' ? model.argument(call, 'new_scale', 0) : undefined
  if (!method || scale?.kind !== 'given' || typeOf(model, scale.value) !== 'int') return []
  if (isScaler(model, method.receiver) !== 'yes') return []
  return [{ call, problem: 'type', parameter: 'new_scale', argument: scale.value, expected: 'float', given: 'int' }]
}

function given(model: Model, call: ast.Call, name: string): ast.Expression | undefined {
  const argument = ampArgument(model, call, name)
  return argument === 'unknown' ? undefined : argument
}

/** The type that every value of an expression has. */
function typeOf(model: Model, expression: ast.Expression): GivenType | undefined {
  const [first, ...others] = model.values(expression).map(typeOfValue)
  return others.every(type => type === first) ? first : undefined
}

function typeOfValue(value: Value): GivenType | undefined {
  if (value.kind === 'symbol') return Object.hasOwn(dtypes, value.name) ? 'torch.dtype' : undefined
  if (value.kind === 'instance') {
    if (value.of === 'torch.device' && value.creation) return 'torch.device'
    return value.of === 'builtins.bool' ? 'bool' : undefined
  }
  return value.kind === 'expression' ? typeOfExpression(value.node) : undefined
}

function typeOfExpression(node: ast.Expression): GivenType | undefined {
  switch (node.kind) {
    case 'Constant':
      return node.type === 'bool' || node.type === 'int' || node.type === 'float' || node.type === 'str'
        ? node.type
        : undefined
    case 'UnaryOp':
      return node.op === 'not' ? 'bool' : undefined
    case 'Compare':
      return 'bool'
    case 'BinOp': {
      const sides = [typeOfExpression(node.left), typeOfExpression(node.right)]
      if (!sides.every(side => side === 'int' || side === 'float')) return undefined
      return sides.includes('float') || node.op === '/' ? 'float' : 'int'
    }
    default:
      return undefined
  }
}
