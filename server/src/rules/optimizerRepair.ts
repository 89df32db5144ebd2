/** What is meant by an argument that an optimizer rejects. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { visibleDefault } from '../torch/defaults.ts'
import { textOf } from '../torch/names.ts'
import type { InvalidOptimizerArgument } from '../torch/optimizerArguments.ts'
import { isSetOfParameters } from '../torch/optimizerParameters.ts'
import { appendArgument } from './arguments.ts'
import { replace } from './edits.ts'
import type { Edit } from './rule.ts'

export interface OptimizerRepair {
  /** What then stands in place of the argument, or beside the others. */
  readonly text: string
  readonly edits: readonly Edit[]
  readonly safe: boolean
  /** It is one argument more. */
  readonly adds: boolean
}

export function repairedOptimizer(model: Model, found: InvalidOptimizerArgument): OptimizerRepair | undefined {
  const { call } = found.creation
  switch (found.problem) {
    case 'unknown': {
      const { keyword, name, meant } = found
      if (meant === undefined) return undefined
      const range = { start: keyword.start, end: keyword.start + name.length }
      return { text: meant, edits: [replace(range, meant)], safe: true, adds: false }
    }
    case 'notPair':
      return found.parameter === 'betas' && isMeantAsDecay(model, call, found.at)
        ? written(model, found.at, at => `weight_decay=${at}`)
        : undefined
    case 'nesterov': {
      if (!found.lacksMomentum) return undefined
      // How much momentum is the author's choice.
      const text = 'momentum=0.9'
      return { text, edits: [appendArgument(model, call, text)], safe: false, adds: true }
    }
    case 'module':
      return isPrimary(found.at) ? written(model, found.at, at => `${at}.parameters()`) : undefined
    case 'uncalled':
      return written(model, found.at, at => `${at}()`)
    case 'tensor':
    case 'bareGroup':
      return written(model, found.at, at => `[${at}]`)
    case 'set': {
      if (!isSetOfParameters(model, found.at)) return undefined
      const [parameters] = found.at.args
      return parameters && written(model, found.at, () => textOf(model, parameters))
    }
    default:
      return undefined
  }
}

function written(model: Model, node: ast.Expression, text: (written: string) => string): OptimizerRepair {
  const replaced = text(textOf(model, node))
  return { text: replaced, edits: [replace(node, replaced)], safe: true, adds: false }
}

/** Adam's third argument where SGD's or AdaGrad's habit put the decay: `Adam(params, 1e-3, 1e-4)`. */
function isMeantAsDecay(model: Model, call: ast.Call, argument: ast.Expression): boolean {
  if (call.args.at(-1) !== argument || call.keywords.some(({ arg }) => arg === 'weight_decay' || arg === undefined))
    return false
  const value = visibleDefault(model, argument)
  return typeof value === 'number' && value <= largestDecay
}

/** No first beta is as small. */
const largestDecay = 0.01

const isPrimary = ({ kind }: ast.Expression): boolean => kind === 'Name' || kind === 'Attribute' || kind === 'Call'
