import { type ParameterFact, signature } from './signature.ts'

export interface SchedulerFact {
  readonly parameters: readonly ParameterFact[]
  /** How often its documentation steps it. */
  readonly granularity: 'epoch' | 'batch' | 'either'
  /** `step()` needs the metric that it watches. */
  readonly needsMetric?: true
  /** `step(epoch)` raises. */
  readonly rejectsEpoch?: true
}

/** The schedulers of `torch.optim.lr_scheduler` and `torch.optim.swa_utils`, by class name. Signatures of PyTorch 2.13. */
export const schedulers: Readonly<Record<string, SchedulerFact>> = {
  ChainedScheduler: {
    parameters: signature('schedulers, optimizer=None'),
    granularity: 'either',
    rejectsEpoch: true,
  },
  ConstantLR: {
    parameters: signature('optimizer, factor=0.3333333333333333, total_iters=5, last_epoch=-1'),
    granularity: 'either',
  },
  CosineAnnealingLR: {
    parameters: signature('optimizer, T_max, eta_min=0.0, last_epoch=-1'),
    granularity: 'either',
  },
  CosineAnnealingWarmRestarts: {
    parameters: signature('optimizer, T_0, T_mult=1, eta_min=0.0, last_epoch=-1'),
    granularity: 'either',
  },
  CyclicLR: {
    parameters: signature(
      "optimizer, base_lr, max_lr, step_size_up=2000, step_size_down=None, mode='triangular', gamma=1.0, scale_fn=None, scale_mode='cycle', cycle_momentum=True, base_momentum=0.8, max_momentum=0.9, last_epoch=-1",
    ),
    granularity: 'batch',
  },
  ExponentialLR: {
    parameters: signature('optimizer, gamma, last_epoch=-1'),
    granularity: 'epoch',
  },
  LambdaLR: {
    parameters: signature('optimizer, lr_lambda, last_epoch=-1'),
    granularity: 'either',
  },
  LinearLR: {
    parameters: signature('optimizer, start_factor=0.3333333333333333, end_factor=1.0, total_iters=5, last_epoch=-1'),
    granularity: 'either',
  },
  MultiStepLR: {
    parameters: signature('optimizer, milestones, gamma=0.1, last_epoch=-1'),
    granularity: 'epoch',
  },
  MultiplicativeLR: {
    parameters: signature('optimizer, lr_lambda, last_epoch=-1'),
    granularity: 'either',
  },
  OneCycleLR: {
    parameters: signature(
      "optimizer, max_lr, total_steps=None, epochs=None, steps_per_epoch=None, pct_start=0.3, anneal_strategy='cos', cycle_momentum=True, base_momentum=0.85, max_momentum=0.95, div_factor=25.0, final_div_factor=10000.0, three_phase=False, last_epoch=-1",
    ),
    granularity: 'batch',
  },
  PolynomialLR: {
    parameters: signature('optimizer, total_iters=5, power=1.0, last_epoch=-1'),
    granularity: 'either',
  },
  ReduceLROnPlateau: {
    parameters: signature(
      "optimizer, mode='min', factor=0.1, patience=10, threshold=0.0001, threshold_mode='rel', cooldown=0, min_lr=0, eps=1e-08",
    ),
    granularity: 'epoch',
    needsMetric: true,
  },
  SWALR: {
    parameters: signature("optimizer, swa_lr, anneal_epochs=10, anneal_strategy='cos', last_epoch=-1"),
    granularity: 'epoch',
  },
  SequentialLR: {
    parameters: signature('optimizer, schedulers, milestones, last_epoch=-1'),
    granularity: 'either',
    rejectsEpoch: true,
  },
  StepLR: {
    parameters: signature('optimizer, step_size, gamma=0.1, last_epoch=-1'),
    granularity: 'epoch',
  },
}
