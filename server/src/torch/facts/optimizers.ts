import { type ParameterFact, signature } from './signature.ts'

export interface OptimizerFact {
  readonly parameters: readonly ParameterFact[]
  /** `l2` adds λp to the gradient, `decoupled` shrinks the parameter itself; undefined: it has no weight decay. */
  readonly weightDecay: 'l2' | 'decoupled' | undefined
  /** It needs `step(closure)`. */
  readonly closure?: true
  /** It rejects parameters that are not matrices. */
  readonly matricesOnly?: true
}

/** The optimizers of `torch.optim`, by class name. Signatures of PyTorch 2.13. */
export const optimizers: Readonly<Record<string, OptimizerFact>> = {
  ASGD: {
    parameters: signature(
      'params, lr=0.01, lambd=0.0001, alpha=0.75, t0=1000000.0, weight_decay=0, foreach=None, maximize=False, differentiable=False, capturable=False',
    ),
    weightDecay: 'l2',
  },
  Adadelta: {
    parameters: signature(
      'params, lr=1.0, rho=0.9, eps=1e-06, weight_decay=0, foreach=None, *, capturable=False, maximize=False, differentiable=False',
    ),
    weightDecay: 'l2',
  },
  Adafactor: {
    parameters: signature(
      'params, lr=0.01, beta2_decay=-0.8, eps=(None, 0.001), d=1.0, weight_decay=0.0, *, foreach=None, maximize=False',
    ),
    weightDecay: 'decoupled',
  },
  Adagrad: {
    parameters: signature(
      'params, lr=0.01, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10, foreach=None, *, maximize=False, differentiable=False, fused=None',
    ),
    weightDecay: 'l2',
  },
  Adam: {
    parameters: signature(
      'params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, amsgrad=False, *, foreach=None, maximize=False, capturable=False, differentiable=False, fused=None, decoupled_weight_decay=False',
    ),
    weightDecay: 'l2',
  },
  AdamW: {
    parameters: signature(
      'params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01, amsgrad=False, *, maximize=False, foreach=None, capturable=False, differentiable=False, fused=None',
    ),
    weightDecay: 'decoupled',
  },
  Adamax: {
    parameters: signature(
      'params, lr=0.002, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, foreach=None, *, maximize=False, differentiable=False, capturable=False',
    ),
    weightDecay: 'l2',
  },
  LBFGS: {
    parameters: signature(
      'params, lr=1, max_iter=20, max_eval=None, tolerance_grad=1e-07, tolerance_change=1e-09, history_size=100, line_search_fn=None',
    ),
    weightDecay: undefined,
    closure: true,
  },
  Muon: {
    parameters: signature(
      'params, lr=0.001, weight_decay=0.1, momentum=0.95, nesterov=True, ns_coefficients=(3.4445, -4.775, 2.0315), eps=1e-07, ns_steps=5, adjust_lr_fn=None',
    ),
    weightDecay: 'decoupled',
    matricesOnly: true,
  },
  NAdam: {
    parameters: signature(
      'params, lr=0.002, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, momentum_decay=0.004, decoupled_weight_decay=False, *, foreach=None, maximize=False, capturable=False, differentiable=False',
    ),
    weightDecay: 'l2',
  },
  RAdam: {
    parameters: signature(
      'params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, decoupled_weight_decay=False, *, foreach=None, maximize=False, capturable=False, differentiable=False',
    ),
    weightDecay: 'l2',
  },
  RMSprop: {
    parameters: signature(
      'params, lr=0.01, alpha=0.99, eps=1e-08, weight_decay=0, momentum=0, centered=False, capturable=False, foreach=None, maximize=False, differentiable=False',
    ),
    weightDecay: 'l2',
  },
  Rprop: {
    parameters: signature(
      'params, lr=0.01, etas=(0.5, 1.2), step_sizes=(1e-06, 50), *, capturable=False, foreach=None, maximize=False, differentiable=False',
    ),
    weightDecay: undefined,
  },
  SGD: {
    parameters: signature(
      'params, lr=0.001, momentum=0, dampening=0, weight_decay=0, nesterov=False, *, maximize=False, foreach=None, differentiable=False, fused=None',
    ),
    weightDecay: 'l2',
  },
  SparseAdam: {
    parameters: signature('params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, maximize=False'),
    weightDecay: undefined,
  },
}

/** Parameters that must not be negative. The constructors compare them with 0, so they must be numbers. */
export const nonNegativeParameters: readonly string[] = [
  'eps',
  'initial_accumulator_value',
  'lr',
  'lr_decay',
  'momentum',
  'momentum_decay',
  'rho',
  'weight_decay',
]

/** Parameters of which a constructor reads the two parts. */
export const pairParameters: readonly string[] = ['betas', 'etas']

/** The parameter that other libraries, and habit, call by another name. */
export function meantParameter(name: string): string | undefined {
  return Object.hasOwn(otherNames, name.toLowerCase()) ? otherNames[name.toLowerCase()] : undefined
}

const otherNames: Readonly<Record<string, string>> = {
  epsilon: 'eps',
  l2: 'weight_decay',
  learning_rate: 'lr',
  learningrate: 'lr',
  wd: 'weight_decay',
  weightdecay: 'weight_decay',
}
