/**
 * Names that PyTorch has renamed or taken away, each executed in the release below. A row without `renaming` has a
 * successor with other arguments or another result, so a call of it is left to its author.
 */

/** The release that a script is meant for when it does not say so, and in which the facts here were executed. */
export const currentRelease = '2.13'

export interface Deprecation {
  readonly name: string
  /** The version that deprecated it. */
  readonly since: string
  /** A version in which it is gone for certain. */
  readonly removed?: string
  readonly successor: {
    readonly name: string
    /** The version that brought it. */
    readonly since: string
  }
  readonly renaming?: Renaming
}

/** How a call of the old name becomes one of its successor. */
export interface Renaming {
  /** The parameters that both have, in their order; a call that passes another one is not rewritten. Undefined: all. */
  readonly parameters?: readonly string[]
  /** Arguments that the successor needs beside those. */
  readonly adds?: string
  /** It is not done for the user, and not where the file uses one of these, which the successor does not serve. */
  readonly unsafeWith?: readonly string[]
}

/** Called as functions or classes. */
export const deprecatedCallables: readonly Deprecation[] = [
  renamed('torch.nn.utils.clip_grad_norm', 'torch.nn.utils.clip_grad_norm_', '0.4'),
  ...'uniform normal constant eye dirac xavier_uniform xavier_normal kaiming_uniform kaiming_normal orthogonal sparse'
    .split(' ')
    .map(name => renamed(`torch.nn.init.${name}`, `torch.nn.init.${name}_`, '0.4')),
  renamed('torch.nn.functional.upsample', 'torch.nn.functional.interpolate', '0.4.1'),
  renamed('torch.nn.functional.upsample_nearest', 'torch.nn.functional.interpolate', '0.4.1'),
  {
    ...renamed('torch.nn.functional.upsample_bilinear', 'torch.nn.functional.interpolate', '0.4.1'),
    renaming: { parameters: ['input', 'size', 'scale_factor'], adds: "mode='bilinear', align_corners=True" },
  },
  renamed('torch.nn.NLLLoss2d', 'torch.nn.NLLLoss', '0.4'),
  renamed('torch.cuda.memory_cached', 'torch.cuda.memory_reserved', '1.4'),
  renamed('torch.cuda.max_memory_cached', 'torch.cuda.max_memory_reserved', '1.4'),
  renamed('torch.cuda.reset_max_memory_allocated', 'torch.cuda.reset_peak_memory_stats', '1.4'),
  renamed('torch.cuda.reset_max_memory_cached', 'torch.cuda.reset_peak_memory_stats', '1.4'),
  renamed('torch.nn.utils.stateless.functional_call', 'torch.func.functional_call', '2.0'),
  ...'vmap grad grad_and_value vjp jvp jacrev jacfwd hessian functionalize'
    .split(' ')
    .map(name => renamed(`functorch.${name}`, `torch.func.${name}`, '2.0')),
  {
    ...renamed('torch.nn.utils.weight_norm', 'torch.nn.utils.parametrizations.weight_norm', '2.1', '2.0'),
    // The successor stores the weight in other parameters and is taken off by another function.
    renaming: { unsafeWith: ['remove_weight_norm', 'weight_g', 'weight_v'] },
  },
  {
    ...renamed('torch.set_deterministic', 'torch.use_deterministic_algorithms', '1.8'),
    removed: '2.0',
    renaming: { parameters: ['d'] },
  },
  { ...renamed('torch.is_deterministic', 'torch.are_deterministic_algorithms_enabled', '1.8'), removed: '2.0' },
  { ...renamed('torch.qr', 'torch.linalg.qr', '1.9', '1.8'), renaming: { parameters: ['input'] } },
  { ...renamed('torch.cholesky', 'torch.linalg.cholesky', '1.9', '1.8'), renaming: { parameters: ['input'] } },
  {
    ...renamed('torch.matrix_rank', 'torch.linalg.matrix_rank', '1.9', '1.8'),
    removed: '2.0',
    renaming: { parameters: ['input'] },
  },
  { ...renamed('torch.lu', 'torch.linalg.lu_factor', '1.13', '1.11'), renaming: { parameters: ['A'] } },
  redesigned('torch.chain_matmul', 'torch.linalg.multi_dot', '1.9'),
  redesigned('torch.triangular_solve', 'torch.linalg.solve_triangular', '1.11'),
  redesigned('torch.lu_solve', 'torch.linalg.lu_solve', '1.13'),
  redesigned('torch.symeig', 'torch.linalg.eigh', '1.9', '2.0'),
  redesigned('torch.eig', 'torch.linalg.eig', '1.9', '2.0'),
  redesigned('torch.lstsq', 'torch.linalg.lstsq', '1.9', '2.0'),
  redesigned('torch.solve', 'torch.linalg.solve', '1.9', '2.0'),
  redesigned('torch.rfft', 'torch.fft.rfft', '1.7', '1.8'),
  redesigned('torch.irfft', 'torch.fft.irfft', '1.7', '1.8'),
  redesigned('torch.ifft', 'torch.fft.ifft', '1.7', '1.8'),
  redesigned('torch.fft', 'torch.fft.fft', '1.7', '1.8'),
  redesigned('torch.range', 'torch.arange', '0.2'),
  redesigned('torch.set_default_tensor_type', 'torch.set_default_dtype', '2.1'),
  redesigned('torch.backends.cuda.sdp_kernel', 'torch.nn.attention.sdpa_kernel', '2.3'),
]

/** Read as attributes; the successors of the flags are functions. */
export const deprecatedAttributes: readonly Deprecation[] = [
  renamed('torch.has_cuda', 'torch.backends.cuda.is_built()', '2.1', '1.8'),
  renamed('torch.has_cudnn', 'torch.backends.cudnn.is_available()', '2.1', '1.8'),
  renamed('torch.has_mkldnn', 'torch.backends.mkldnn.is_available()', '2.1', '1.8'),
  renamed('torch.has_mps', 'torch.backends.mps.is_built()', '2.1', '1.12'),
  renamed('torch.distributed.reduce_op', 'torch.distributed.ReduceOp', '1.0'),
]

/** What `torch._six`, gone in 2.0, was imported for, and what says the same without it. */
export const sixSuccessors: Readonly<Record<string, string>> = {
  container_abcs: 'collections.abc',
  inf: 'torch.inf',
  int_classes: 'int',
  nan: 'torch.nan',
  string_classes: 'str',
}

/** Methods that took a number before their tensors, and the keyword it has since 1.5; `tensors`: how many follow it. */
export const numberFirstMethods: Readonly<Record<string, { readonly keyword: string; readonly tensors: number }>> = {
  add_: { keyword: 'alpha', tensors: 1 },
  addcdiv_: { keyword: 'value', tensors: 2 },
  addcmul_: { keyword: 'value', tensors: 2 },
  sub_: { keyword: 'alpha', tensors: 1 },
}

function renamed(name: string, successor: string, since: string, successorSince = since): Deprecation {
  return { name, since, successor: { name: successor, since: successorSince }, renaming: {} }
}

function redesigned(name: string, successor: string, since: string, removed?: string): Deprecation {
  return { name, since, successor: { name: successor, since }, ...(removed !== undefined && { removed }) }
}
