/** What is meant by an argument of autocast or GradScaler that PyTorch rejects, where there is no doubt about it. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { movesToCuda } from '../torch/devices.ts'
import type { InvalidArgument } from '../torch/invalidArguments.ts'
import { textOf } from '../torch/names.ts'
import { prependArgument } from './arguments.ts'
import { replace } from './edits.ts'
import { reference } from './imports.ts'
import { quoteOf } from './layout.ts'
import type { Edit } from './rule.ts'

export interface Repair {
  /** What then stands in place of the argument. */
  readonly text: string
  readonly edits: readonly Edit[]
}

export function repairedArgument(model: Model, found: InvalidArgument): Repair | undefined {
  const { call } = found
  switch (found.problem) {
    case 'missing': {
      const text = quoted(model, 'cuda')
      return trainsOnCuda(model) ? { text, edits: [prependArgument(model, call, text)] } : undefined
    }
    case 'device':
      return found.argument.kind === 'Constant' ? written(found.argument, quoted(model, found.meant)) : undefined
    case 'misread': {
      if (!isOnly(call, found.argument)) return undefined
      const text = textOf(model, found.argument)
      return written(
        found.argument,
        found.meant === 'enabled' ? `enabled=${text}` : `${quoted(model, 'cuda')}, ${text}`,
      )
    }
    case 'type':
      return repairedType(model, found)
    default:
      return undefined
  }
}

function repairedType(model: Model, found: InvalidArgument & { readonly problem: 'type' }): Repair | undefined {
  const { call, parameter, given, argument } = found
  const text = textOf(model, argument)
  switch (parameter) {
    case 'device_type': {
      if (given === 'torch.device') return isPrimary(argument) ? written(argument, `${text}.type`) : undefined
      const keyword = given === 'bool' ? 'enabled' : given === 'torch.dtype' ? 'dtype' : undefined
      const isClear = keyword && isOnly(call, argument) && !passes(call, keyword) && trainsOnCuda(model)
      return isClear ? written(argument, `${quoted(model, 'cuda')}, ${keyword}=${text}`) : undefined
    }
    case 'dtype': {
      if (given === 'str') return dtypeNamed(model, argument)
      const isClear = given === 'bool' && call.args.at(-1) === argument && !passes(call, 'enabled')
      return isClear ? written(argument, `enabled=${text}`) : undefined
    }
    case 'enabled':
      return isOnly(call, argument) && !passes(call, 'dtype') ? written(argument, `dtype=${text}`) : undefined
    default:
      return /^[\d_]+$/.test(text) ? written(argument, `${text}.0`) : undefined
  }
}

const written = (argument: ast.Expression, text: string): Repair => ({ text, edits: [replace(argument, text)] })

/** `"float16"` → `torch.float16`. */
function dtypeNamed(model: Model, argument: ast.Expression): Repair | undefined {
  const name = argument.kind === 'Constant' ? argument.value : undefined
  if (name !== 'float16' && name !== 'bfloat16') return undefined
  const found = reference(model, `torch.${name}`, argument)
  return found?.edits.length === 0 ? written(argument, found.text) : undefined
}

const isOnly = (call: ast.Call, argument: ast.Expression): boolean =>
  call.args.length === 1 && call.args[0] === argument

const quoted = (model: Model, text: string): string => quoteOf(model) + text + quoteOf(model)

const isPrimary = ({ kind }: ast.Expression): boolean => kind === 'Name' || kind === 'Attribute' || kind === 'Call'

const passes = (call: ast.Call, keyword: string): boolean => call.keywords.some(({ arg }) => arg === keyword)

const trainsOnCuda = (model: Model): boolean => model.nodes('Call').some(call => movesToCuda(model, call))
