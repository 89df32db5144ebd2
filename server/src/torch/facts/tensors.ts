/** Methods of tensors and of plain Python objects that compute in the precision of what they are called on. */
export const tensorMethods: ReadonlySet<string> = new Set(
  `abs add append argmax bmm chunk clamp clone contiguous cos cpu cuda detach div exp expand flatten float gather get
   index_select items keys log log_softmax long masked_fill matmul max mean min mm mul norm permute pow relu relu_ repeat
   requires_grad_ reshape sigmoid sin size softmax split sqrt squeeze std sub sum t tanh to topk transpose type unbind
   unsqueeze values var view view_as`.split(/\s+/),
)

/** Functions of `torch` that return a tensor. */
export const tensorFunctions: ReadonlySet<string> = new Set(
  (
    'abs add arange argmax argmin as_tensor bmm cat clamp concat cumsum diag einsum empty empty_like exp eye from_numpy ' +
    'full full_like gather linspace log matmul mean mm mul multinomial norm normal ones ones_like pow rand rand_like ' +
    'randint randint_like randn randn_like randperm reshape sigmoid softmax sqrt squeeze stack sum tanh tensor tril ' +
    'triu unsqueeze where zeros zeros_like'
  )
    .split(' ')
    .map(name => `torch.${name}`),
)

/** Methods that no other object with `to()` or `cuda()` has. */
export const tensorOnlyMethods: ReadonlySet<string> = new Set(
  'backward expand_as masked_fill permute type_as unsqueeze view view_as'.split(' '),
)

/** Methods that return a new tensor and leave the old one as it was. */
export const pureTensorMethods: ReadonlySet<string> = new Set(
  (
    'bfloat16 bool clamp clone contiguous cpu cuda detach double expand flatten float half int long masked_fill permute ' +
    'reshape squeeze to transpose type type_as unsqueeze view'
  ).split(' '),
)
