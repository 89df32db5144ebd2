/** Seeds that do not cover what the script draws random numbers from, or what cuDNN chooses between. */
import { filesRun, nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { movesToCuda } from './devices.ts'
import { trainingLoops } from './loops.ts'
import { optimizerCreations } from './optimizers.ts'
import { importsTrainer } from './usage.ts'

export interface PartialSeed {
  readonly call: ast.Call
  /** `torch.manual_seed(seed)`: what `seed` is; undefined where it is not to be written twice. */
  readonly seed: ast.Expression | undefined
  /** Functions that would seed the other generators: `random.seed`. */
  readonly unseeded: readonly string[]
  /** cuDNN may choose algorithms whose results vary. */
  readonly isCudnnFree: boolean
}

/** The first seed of a script that trains; undefined if it covers everything, or a helper may do so. */
export function partialSeed(model: Model): PartialSeed | undefined {
  const [call] = model.calls(['torch.manual_seed'])
  if (!call || !runsTraining(model) || importsTrainer(model) || hasHelper(model)) return undefined
  const unseeded = generators.filter(generator => isUnseeded(model, generator)).map(({ seed }) => seed)
  const isCudnnFree = !filesRun(model).some(({ text }) => opinion.test(text)) && usesCudnn(model)
  if (unseeded.length === 0 && !isCudnnFree) return undefined
  const [argument] = call.args
  const isPlain = argument && ['Name', 'Attribute', 'Constant'].includes(argument.kind)
  return { call, seed: isPlain ? argument : undefined, unseeded, isCudnnFree }
}

/** A loop with an optimizer of its own, and not a test that takes a step. */
const runsTraining = (model: Model): boolean =>
  optimizerCreations(model).length > 0 && trainingLoops(model).some(({ mode }) => mode === 'training')

/** Does the script make layers that cuDNN has several algorithms for, and move something to CUDA? */
function usesCudnn(model: Model): boolean {
  const calls = model.nodes('Call')
  return (
    calls.some(call => movesToCuda(model, call)) &&
    calls.some(({ func }) => cudnnLayers.test(model.qualifiedName(func) ?? ''))
  )
}

const cudnnLayers = /^torch\.nn\.(?:Conv|GRU|LSTM|RNN)|^torchvision\.models\.|^timm\.create_model$/

/** Any word on what cuDNN may choose. */
const opinion = /deterministic|\bcudnn\b/

/** A function from elsewhere that is named for it may seed the rest. */
function hasHelper(model: Model): boolean {
  return nodesRun(model, 'Call').some(call => {
    const name = model.qualifiedName(call.func) ?? model.textOf(call.func)
    const isOwn = model.callee(call).kind === 'function'
    return !isOwn && !/^(?:torch|numpy|random)\./.test(name) && /seed|determin|reproduc/i.test(name)
  })
}

interface Generator {
  readonly seed: string
  /** The functions that draw from it. */
  readonly draws: RegExp
}

const generators: readonly Generator[] = [
  { seed: 'random.seed', draws: /^random\.(?:choices?|gauss|rand\w*|sample|shuffle|uniform)$/ },
  {
    seed: 'numpy.random.seed',
    draws: /^numpy\.random\.(?:beta|binomial|choice|normal|permutation|rand\w*|sample|shuffle|uniform)$/,
  },
]

function isUnseeded(model: Model, { seed, draws }: Generator): boolean {
  const nameOf = ({ func }: ast.Call): string => model.qualifiedName(func) ?? ''
  const isDrawn = model.nodes('Call').some(call => draws.test(nameOf(call)))
  return isDrawn && !nodesRun(model, 'Call').some(call => nameOf(call) === seed)
}
