/** What the switches of PyTorch accept, 2.13. Switches that take whatever they are given are not listed. */
export interface ValueFact {
  readonly type: 'bool' | 'str'
  /** The names that a string may be; undefined for a bool. */
  readonly values?: readonly string[]
  /** Whether a wrong value raises, or is passed over with a warning. */
  readonly whenWrong: 'raises' | 'ignored'
}

const bool: ValueFact = { type: 'bool', whenWrong: 'raises' }
const cudaPrecision: ValueFact = { type: 'str', values: ['ieee', 'tf32', 'none'], whenWrong: 'raises' }
const precision: ValueFact = { type: 'str', values: ['ieee', 'tf32', 'bf16', 'none'], whenWrong: 'raises' }

/** Attributes that are assigned. */
export const flagValues: Readonly<Record<string, ValueFact>> = {
  'torch.backends.fp32_precision': precision,
  'torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction': bool,
  'torch.backends.cuda.matmul.allow_fp16_accumulation': bool,
  'torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction': bool,
  'torch.backends.cuda.matmul.allow_tf32': bool,
  'torch.backends.cuda.matmul.fp32_precision': cudaPrecision,
  'torch.backends.cudnn.allow_tf32': bool,
  'torch.backends.cudnn.benchmark': bool,
  'torch.backends.cudnn.conv.fp32_precision': cudaPrecision,
  'torch.backends.cudnn.depthwise_kernel': {
    type: 'str',
    values: ['auto', 'cudnn', 'native'],
    whenWrong: 'raises',
  },
  'torch.backends.cudnn.deterministic': bool,
  'torch.backends.cudnn.enabled': bool,
  'torch.backends.cudnn.fp32_precision': cudaPrecision,
  'torch.backends.cudnn.rnn.fp32_precision': cudaPrecision,
  'torch.backends.miopen.immediate': bool,
  'torch.backends.mkldnn.allow_tf32': bool,
  'torch.backends.mkldnn.conv.fp32_precision': precision,
  'torch.backends.mkldnn.deterministic': bool,
  'torch.backends.mkldnn.enabled': bool,
  'torch.backends.mkldnn.fp32_precision': precision,
  'torch.backends.mkldnn.matmul.fp32_precision': precision,
  'torch.backends.mkldnn.rnn.fp32_precision': precision,
}

/** Functions, and the parameter that is the switch. */
export const setterValues: Readonly<Record<string, ValueFact & { readonly parameter: string }>> = {
  'torch.set_float32_matmul_precision': {
    type: 'str',
    values: ['highest', 'high', 'medium'],
    whenWrong: 'ignored',
    parameter: 'precision',
  },
  'torch.use_deterministic_algorithms': { ...bool, parameter: 'mode' },
}
