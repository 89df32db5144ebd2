/**
 * What `optimizer.step` or `loss.backward` may be: the qualified names of a member of an object. For documentation only:
 * where the origin of an object is not visible, its name, or a member that only one class has, is evidence enough.
 */
import type { Certainty, Model, Value } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isModule } from './modules.ts'
import { isOptimizer } from './optimizers.ts'
import { isScaler } from './scalers.ts'
import { isScheduler } from './schedulers.ts'
import { isTensor } from './tensors.ts'
import { isNone } from './usage.ts'

/** The likeliest first. */
export function memberNames(model: Model, { value, attr }: ast.Attribute): readonly string[] {
  const values = model.values(value).filter(each => !isNone(each))
  const known = [
    ...importedClasses(values),
    ...families.flatMap(({ name, is }) => (is(model, value) === 'yes' ? [name] : [])),
  ]
  const guessed = values.some(isOfUnseenOrigin) && usesTorch(model) ? likelyClasses(value, attr) : []
  return [...new Set([...known, ...guessed])].map(owner => `${owner}.${attr}`)
}

function importedClasses(values: readonly Value[]): readonly string[] {
  const classes = values.flatMap(value => (value.kind === 'instance' && typeof value.of === 'string' ? [value.of] : []))
  return classes.some(name => tensorClasses.has(name)) ? [...classes, 'torch.Tensor'] : classes
}

const tensorClasses: ReadonlySet<string> = new Set([
  'torch.FloatTensor',
  'torch.LongTensor',
  'torch.autograd.Variable',
  'torch.cuda.FloatTensor',
  'torch.cuda.LongTensor',
  'torch.nn.Buffer',
  'torch.nn.Parameter',
])

interface Family {
  readonly name: string
  readonly is: (model: Model, expression: ast.Expression) => Certainty
  /** What the variable of such an object is usually called. */
  readonly called?: RegExp
}

const families: readonly Family[] = [
  { name: 'torch.optim.lr_scheduler.LRScheduler', is: isScheduler, called: /sched/i },
  { name: 'torch.optim.Optimizer', is: isOptimizer, called: /optim|^opt(?:_|$)/i },
  { name: 'torch.amp.GradScaler', is: isScaler, called: /scaler/i },
  {
    name: 'torch.nn.Module',
    is: isModule,
    called: /model|net(?:work)?\d*$|net_?[dg]$|^[gd](?:_(?:ema|net|[ab]{1,2}))?$|module|encoder|decoder|backbone/i,
  },
  {
    name: 'torch.Tensor',
    is: isTensor,
    called:
      /(?:^|_)(?:param|weight|bias|loss|grad|logits|images?|labels?|targets?|inputs?|outputs?)(?:_[a-z])?$|^[pwx]$/,
  },
]

/** Members that no other class has, or none that training scripts use: of an object of any name. */
const distinctive: Readonly<Record<string, string>> = {
  backward: 'torch.Tensor',
  clone: 'torch.Tensor',
  cpu: 'torch.Tensor',
  cuda: 'torch.Tensor',
  data: 'torch.Tensor',
  detach: 'torch.Tensor',
  device: 'torch.Tensor',
  float: 'torch.Tensor',
  grad: 'torch.Tensor',
  half: 'torch.Tensor',
  item: 'torch.Tensor',
  numpy: 'torch.Tensor',
  requires_grad: 'torch.Tensor',
  requires_grad_: 'torch.Tensor',
  retain_grad: 'torch.Tensor',
  to: 'torch.Tensor',
  eval: 'torch.nn.Module',
  load_state_dict: 'torch.nn.Module',
  named_parameters: 'torch.nn.Module',
  parameters: 'torch.nn.Module',
  state_dict: 'torch.nn.Module',
  get_last_lr: 'torch.optim.lr_scheduler.LRScheduler',
  no_sync: 'torch.nn.parallel.DistributedDataParallel',
  param_groups: 'torch.optim.Optimizer',
  set_epoch: 'torch.utils.data.distributed.DistributedSampler',
  unscale_: 'torch.amp.GradScaler',
  zero_grad: 'torch.optim.Optimizer',
}

/** What holds numbers and names, not tensors: `args.device`. */
const settings = /^(?:arg(?:ument)?s?|cfg|conf(?:ig)?s?|flags|hparams|hps|opts?|options|params|settings|self)$/i

function likelyClasses(receiver: ast.Expression, attr: string): readonly string[] {
  const name = receiver.kind === 'Name' ? receiver.id : receiver.kind === 'Attribute' ? receiver.attr : ''
  if (settings.test(name)) return []
  const named = families.find(({ called }) => called?.test(name))
  if (named) return [named.name]
  const owner = Object.hasOwn(distinctive, attr) ? distinctive[attr] : undefined
  return owner === undefined ? [] : [owner]
}

/** A parameter, what a helper returned, an attribute of an object of another file: no number, nothing of another library. */
function isOfUnseenOrigin(value: Value): boolean {
  switch (value.kind) {
    case 'unknown':
    case 'parameter':
      return true
    case 'result':
      return !foreign.test(value.of)
    case 'instance':
      return typeof value.of === 'string' && !/^torch\./.test(value.of) && !foreign.test(value.of)
    case 'symbol':
      return /\.[A-Z]\w*(?:\.\w+)+$/.test(value.name) && !foreign.test(value.name)
    case 'expression':
      return computed.has(value.node.kind)
    default:
      return false
  }
}

/** Expressions that may give a tensor, as literals and containers do not. */
const computed: ReadonlySet<ast.Kind> = new Set(['BinOp', 'UnaryOp', 'Compare', 'Subscript'])

/** Libraries whose objects have members of the same names. */
const foreign =
  /^(?:argparse|builtins|collections|cupy|cv2|datetime|jax|logging|mxnet|numpy|os|paddle|pandas|pathlib|pickle|PIL|random|scipy|sklearn|tensorflow|threading|tqdm|transformers\.\w*Tokenizer\w*|wandb)(?:\.|$)/

function usesTorch(model: Model): boolean {
  const isTorch = (name: string) => /^torch(?:\.|$)/.test(name)
  return (
    model.nodes('Import').some(({ names }) => names.some(({ name }) => isTorch(name))) ||
    model.nodes('ImportFrom').some(({ module }) => isTorch(module))
  )
}
