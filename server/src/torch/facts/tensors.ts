/** Methods of tensors and of plain Python objects that compute in the precision of what they are called on. */
export const tensorMethods: ReadonlySet<string> = new Set(
  `abs add append argmax bmm chunk clamp clone contiguous cos cpu cuda detach div exp expand flatten float gather get
   index_select items keys log log_softmax long masked_fill matmul max mean min mm mul norm permute pow relu relu_ repeat
   requires_grad_ reshape sigmoid sin size softmax split sqrt squeeze std sub sum t tanh to topk transpose type unbind
   unsqueeze values var view view_as`.split(/\s+/),
)
