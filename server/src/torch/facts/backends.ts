/** What the modules of `torch.backends` hold, PyTorch 2.13. Setting a name they do not have is accepted in silence. */
export interface BackendFact {
  /** Attributes that are meant to be assigned. */
  readonly flags: Readonly<Record<string, 'bool' | 'int' | 'str'>>
  /** Functions, classes, constants and submodules. */
  readonly names: readonly string[]
  /** A namespace object: an unknown attribute raises AttributeError instead of being accepted. */
  readonly rejectsUnknown?: true
}

const precision: BackendFact = { flags: { fp32_precision: 'str' }, names: [], rejectsUnknown: true }

export const backends: Readonly<Record<string, BackendFact>> = {
  'torch.backends.cpu': { flags: {}, names: ['get_cpu_capability'] },
  'torch.backends.cuda': {
    flags: {},
    names: [
      'SDPAParams',
      'SDPBackend',
      'allow_fp16_bf16_reduction_math_sdp',
      'blas_workspace_size',
      'can_use_cudnn_attention',
      'can_use_efficient_attention',
      'can_use_flash_attention',
      'cuBLASModule',
      'cuFFTPlanCache',
      'cuFFTPlanCacheAttrContextProp',
      'cuFFTPlanCacheManager',
      'cublas_workspace_size',
      'cublaslt_workspace_size',
      'cudnn_sdp_enabled',
      'cufft_plan_cache',
      'enable_cudnn_sdp',
      'enable_flash_sdp',
      'enable_math_sdp',
      'enable_mem_efficient_sdp',
      'flash_sdp_enabled',
      'fp16_bf16_reduction_math_sdp_allowed',
      'is_built',
      'is_ck_sdpa_available',
      'is_flash_attention_available',
      'math_sdp_enabled',
      'matmul',
      'mem_efficient_sdp_enabled',
      'preferred_blas_library',
      'preferred_linalg_library',
      'preferred_rocm_fa_library',
      'sdp_kernel',
    ],
  },
  'torch.backends.cuda.matmul': {
    flags: {
      allow_tf32: 'bool',
      allow_fp16_reduced_precision_reduction: 'bool',
      allow_fp16_reduced_precision_reduction_split_k: 'bool',
      allow_bf16_reduced_precision_reduction: 'bool',
      allow_bf16_reduced_precision_reduction_split_k: 'bool',
      allow_fp16_accumulation: 'bool',
      fp32_precision: 'str',
    },
    names: [],
    rejectsUnknown: true,
  },
  'torch.backends.cudnn': {
    flags: {
      allow_tf32: 'bool',
      benchmark: 'bool',
      benchmark_limit: 'int',
      depthwise_kernel: 'str',
      deterministic: 'bool',
      enabled: 'bool',
      fp32_precision: 'str',
    },
    names: [
      'CUDNN_TENSOR_DTYPES',
      'CudnnModule',
      'conv',
      'flags',
      'is_acceptable',
      'is_available',
      'rnn',
      'set_flags',
      'version',
    ],
  },
  'torch.backends.cudnn.conv': precision,
  'torch.backends.cusparselt': { flags: {}, names: ['get_max_alg_id', 'is_available', 'version'] },
  'torch.backends.kleidiai': { flags: {}, names: ['is_available'] },
  'torch.backends.mha': { flags: {}, names: ['get_fastpath_enabled', 'set_fastpath_enabled'] },
  'torch.backends.miopen': { flags: { immediate: 'bool' }, names: ['flags', 'set_flags'] },
  'torch.backends.mkl': { flags: {}, names: ['VERBOSE_OFF', 'VERBOSE_ON', 'is_available', 'verbose'] },
  'torch.backends.mkldnn': {
    flags: { allow_tf32: 'bool', deterministic: 'bool', enabled: 'bool', fp32_precision: 'str' },
    names: [
      'VERBOSE_OFF',
      'VERBOSE_ON',
      'VERBOSE_ON_CREATION',
      'conv',
      'flags',
      'is_acl_available',
      'is_available',
      'matmul',
      'rnn',
      'set_flags',
      'verbose',
    ],
  },
  'torch.backends.mkldnn.conv': precision,
  'torch.backends.mkldnn.matmul': precision,
  'torch.backends.mkldnn.rnn': precision,
  'torch.backends.mps': {
    flags: {},
    names: ['get_core_count', 'get_name', 'is_available', 'is_built', 'is_macos13_or_newer', 'is_macos_or_newer'],
  },
  'torch.backends.nnpack': { flags: {}, names: ['flags', 'is_available', 'set_flags'] },
  'torch.backends.openmp': { flags: {}, names: ['is_available'] },
  'torch.backends.opt_einsum': {
    flags: { enabled: 'bool', strategy: 'str' },
    names: ['flags', 'get_opt_einsum', 'is_available', 'set_flags'],
  },
  'torch.backends.quantized': { flags: { engine: 'str' }, names: ['QuantizedEngine', 'supported_engines'] },
  'torch.backends.xnnpack': { flags: {}, names: ['XNNPACKEngine', 'enabled'] },
}

/**
 * Modules whose attributes are not listed because they depend on the build or the version: only their own names are
 * known. A module that is in neither list does not exist in any version.
 */
export const otherBackends: readonly string[] = [
  'coreml',
  'fbgemm',
  'hipdnn',
  'linalg',
  'mlc',
  'onednn',
  'ops',
  'python_native',
  'qnnpack',
  'vulkan',
  'xeon',
  'xpu',
  'zendnn',
]

/** Attributes of `torch.backends` itself that are no modules. */
export const backendsOwnNames: readonly string[] = ['flags', 'fp32_precision', 'set_flags']
