/** What the layers of `torch.nn` are made of. */

/** The number of dimensions of each parameter with default arguments; a name of several parts is a parameter of a submodule. */
export const parameterDimensions: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AdaptiveLogSoftmaxWithLoss: { 'head.weight': 2, 'tail.0.0.weight': 2 },
  BatchNorm1d: { weight: 1, bias: 1 },
  BatchNorm2d: { weight: 1, bias: 1 },
  BatchNorm3d: { weight: 1, bias: 1 },
  Bilinear: { weight: 3, bias: 1 },
  Conv1d: { weight: 3, bias: 1 },
  Conv2d: { weight: 4, bias: 1 },
  Conv3d: { weight: 5, bias: 1 },
  ConvTranspose1d: { weight: 3, bias: 1 },
  ConvTranspose2d: { weight: 4, bias: 1 },
  ConvTranspose3d: { weight: 5, bias: 1 },
  Embedding: { weight: 2 },
  EmbeddingBag: { weight: 2 },
  GRU: { weight_ih_l0: 2, weight_hh_l0: 2, bias_ih_l0: 1, bias_hh_l0: 1 },
  GRUCell: { weight_ih: 2, weight_hh: 2, bias_ih: 1, bias_hh: 1 },
  GroupNorm: { weight: 1, bias: 1 },
  LSTM: { weight_ih_l0: 2, weight_hh_l0: 2, bias_ih_l0: 1, bias_hh_l0: 1 },
  LSTMCell: { weight_ih: 2, weight_hh: 2, bias_ih: 1, bias_hh: 1 },
  InstanceNorm1d: { weight: 1, bias: 1 },
  InstanceNorm2d: { weight: 1, bias: 1 },
  InstanceNorm3d: { weight: 1, bias: 1 },
  LayerNorm: { weight: 1, bias: 1 },
  Linear: { weight: 2, bias: 1 },
  MultiheadAttention: { in_proj_weight: 2, in_proj_bias: 1, 'out_proj.weight': 2, 'out_proj.bias': 1 },
  PReLU: { weight: 1 },
  RMSNorm: { weight: 1 },
  RNN: { weight_ih_l0: 2, weight_hh_l0: 2, bias_ih_l0: 1, bias_hh_l0: 1 },
  RNNCell: { weight_ih: 2, weight_hh: 2, bias_ih: 1, bias_hh: 1 },
  SyncBatchNorm: { weight: 1, bias: 1 },
}

/** The layers of a kind, by their names in `torch.nn`. */
export const layersOfKind: Readonly<Record<'batchNorm' | 'convolution' | 'dropout', readonly string[]>> = {
  batchNorm: ['BatchNorm1d', 'BatchNorm2d', 'BatchNorm3d', 'SyncBatchNorm'],
  convolution: ['Conv1d', 'Conv2d', 'Conv3d', 'ConvTranspose1d', 'ConvTranspose2d', 'ConvTranspose3d'],
  dropout: ['AlphaDropout', 'Dropout', 'Dropout1d', 'Dropout2d', 'Dropout3d', 'FeatureAlphaDropout'],
}

/** Layers of `torch.nn` without parameters. */
export const bareLayers =
  /^(?:\w*Pool\w*|\w*Dropout\w*|\w*Loss|\w*Pad\dd|\w*[Ss]hrink|(?:Hard|Log|Soft)?(?:sigmoid|Sigmoid|swish|tanh|Tanh|max|max2d|min|plus|sign)|CELU|ChannelShuffle|CosineSimilarity|ELU|Flatten|Fold|GELU|GLU|Identity|LeakyReLU|LocalResponseNorm|Mish|PairwiseDistance|Pixel\w+|R?ReLU6?|SELU|SiLU|Threshold|Unflatten|Unfold|Upsample\w*|UpsamplingBilinear2d|UpsamplingNearest2d|ZeroPad\dd)$/

/** What is called with a module first and gives one with the same parameters. */
export const moduleWrappers: ReadonlySet<string> = new Set([
  'torch.compile',
  'torch.distributed.fsdp.FullyShardedDataParallel',
  'torch.jit.script',
  'torch.nn.DataParallel',
  'torch.nn.SyncBatchNorm.convert_sync_batchnorm',
  'torch.nn.parallel.DistributedDataParallel',
])

/** Methods of `nn.Module` that change the module and return it. */
export const chainableMethods: ReadonlySet<string> = new Set([
  'apply',
  'bfloat16',
  'cpu',
  'cuda',
  'double',
  'eval',
  'float',
  'half',
  'requires_grad_',
  'share_memory',
  'to',
  'to_empty',
  'train',
  'type',
  'xpu',
])

/** Functions that build a model: what they return is an `nn.Module` with biases and norm layers. */
export const modelBuilders: readonly string[] = [
  'timm.create_model',
  'torch.hub.load',
  'torchvision.models.get_model',
  'segmentation_models_pytorch.create_model',
  'open_clip.create_model',
]

/** What the architectures of torchvision and timm hold, by the beginning of their name; the first that fits is meant. */
export const architectures: readonly (readonly [
  beginning: string,
  layers: readonly ('batchNorm' | 'convolution' | 'dropout')[],
])[] = [
  ['alexnet', ['convolution', 'dropout']],
  ['convnext', ['convolution']],
  ['densenet', ['convolution', 'batchNorm']],
  ['efficientnet', ['convolution', 'batchNorm', 'dropout']],
  ['googlenet', ['convolution', 'batchNorm', 'dropout']],
  ['inception', ['convolution', 'batchNorm', 'dropout']],
  ['mnasnet', ['convolution', 'batchNorm', 'dropout']],
  ['mobilenet', ['convolution', 'batchNorm', 'dropout']],
  ['regnet', ['convolution', 'batchNorm']],
  ['resnet', ['convolution', 'batchNorm']],
  ['resnext', ['convolution', 'batchNorm']],
  ['shufflenet', ['convolution', 'batchNorm']],
  ['squeezenet', ['convolution', 'dropout']],
  ['vgg', ['convolution', 'dropout']],
  ['wide_resnet', ['convolution', 'batchNorm']],
]

/** Dropout as a function whose `training` is true unless it is given. The alpha kinds are off unless it is. */
export const functionalDropouts: readonly string[] = [
  'torch.nn.functional.dropout',
  'torch.nn.functional.dropout1d',
  'torch.nn.functional.dropout2d',
  'torch.nn.functional.dropout3d',
]
