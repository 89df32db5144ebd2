/** What the constructors of schedulers accept, as PyTorch 2.13 checks it, or fails without a check. */

export interface ArgumentFact {
  readonly className: string
  readonly parameter: string
  /** It must be an `int`, and not merely whole: `100.0` and `np.int64(100)` are refused. */
  readonly integer?: true
  /** The only strings that there are. */
  readonly choices?: readonly string[]
  /** What the number must be, as a reader writes it, and what happens if it is not. */
  readonly bound?: {
    readonly text: string
    readonly holds: (value: number) => boolean
    /** `stuck`: nothing is raised, and the learning rate never leaves its first value. */
    readonly otherwise: 'ValueError' | 'ZeroDivisionError' | 'stuck'
  }
  /** A number is no list, or no function: TypeError. */
  readonly notNumber?: 'list' | 'function'
}

const positive = { text: '> 0', holds: (value: number) => value > 0, otherwise: 'ValueError' } as const
const fraction = {
  text: '>= 0, <= 1',
  holds: (value: number) => value >= 0 && value <= 1,
  otherwise: 'ValueError',
} as const
const divisor = { text: '!= 0', holds: (value: number) => value !== 0, otherwise: 'ZeroDivisionError' } as const
const lasting = { text: '> 0', holds: (value: number) => value > 0, otherwise: 'stuck' } as const
const strategies = ['cos', 'linear']

export const argumentFacts: readonly ArgumentFact[] = [
  { className: 'ConstantLR', parameter: 'factor', bound: fraction },
  { className: 'ConstantLR', parameter: 'total_iters', bound: lasting },
  { className: 'CosineAnnealingLR', parameter: 'T_max', bound: divisor },
  { className: 'CosineAnnealingWarmRestarts', parameter: 'T_0', integer: true, bound: positive },
  {
    className: 'CosineAnnealingWarmRestarts',
    parameter: 'T_mult',
    integer: true,
    bound: { text: '>= 1', holds: value => value >= 1, otherwise: 'ValueError' },
  },
  { className: 'CyclicLR', parameter: 'mode', choices: ['triangular', 'triangular2', 'exp_range'] },
  { className: 'LambdaLR', parameter: 'lr_lambda', notNumber: 'function' },
  {
    className: 'LinearLR',
    parameter: 'start_factor',
    bound: { text: '> 0, <= 1', holds: value => value > 0 && value <= 1, otherwise: 'ValueError' },
  },
  { className: 'LinearLR', parameter: 'end_factor', bound: fraction },
  { className: 'LinearLR', parameter: 'total_iters', bound: lasting },
  { className: 'MultiStepLR', parameter: 'milestones', notNumber: 'list' },
  { className: 'MultiplicativeLR', parameter: 'lr_lambda', notNumber: 'function' },
  { className: 'OneCycleLR', parameter: 'total_steps', integer: true, bound: positive },
  { className: 'OneCycleLR', parameter: 'epochs', integer: true, bound: positive },
  { className: 'OneCycleLR', parameter: 'steps_per_epoch', integer: true, bound: positive },
  { className: 'OneCycleLR', parameter: 'pct_start', bound: fraction },
  { className: 'OneCycleLR', parameter: 'anneal_strategy', choices: strategies },
  { className: 'ReduceLROnPlateau', parameter: 'mode', choices: ['min', 'max'] },
  { className: 'ReduceLROnPlateau', parameter: 'threshold_mode', choices: ['rel', 'abs'] },
  {
    className: 'ReduceLROnPlateau',
    parameter: 'factor',
    bound: { text: '< 1', holds: value => value < 1, otherwise: 'ValueError' },
  },
  { className: 'SWALR', parameter: 'anneal_strategy', choices: strategies },
  { className: 'SequentialLR', parameter: 'milestones', notNumber: 'list' },
  { className: 'StepLR', parameter: 'step_size', bound: divisor },
]
