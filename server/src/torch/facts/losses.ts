/** The criteria of `torch.nn`, and the functions of `torch.nn.functional` that stand behind them, PyTorch 2.13. */
import { type ParameterFact, signature } from './signature.ts'

/** The constructors of the criteria that are called with an input and a target. */
export const lossClasses: Readonly<Record<string, readonly ParameterFact[]>> = {
  BCELoss: signature('weight, size_average, reduce, reduction'),
  BCEWithLogitsLoss: signature('weight, size_average, reduce, reduction, pos_weight'),
  CosineEmbeddingLoss: signature('margin, size_average, reduce, reduction'),
  CrossEntropyLoss: signature('weight, size_average, ignore_index, reduce, reduction, label_smoothing'),
  HingeEmbeddingLoss: signature('margin, size_average, reduce, reduction'),
  HuberLoss: signature('reduction, delta'),
  KLDivLoss: signature('size_average, reduce, reduction, log_target'),
  L1Loss: signature('size_average, reduce, reduction'),
  MSELoss: signature('size_average, reduce, reduction'),
  MarginRankingLoss: signature('margin, size_average, reduce, reduction'),
  MultiLabelMarginLoss: signature('size_average, reduce, reduction'),
  MultiLabelSoftMarginLoss: signature('weight, size_average, reduce, reduction'),
  MultiMarginLoss: signature('p, margin, weight, size_average, reduce, reduction'),
  NLLLoss: signature('weight, size_average, ignore_index, reduce, reduction'),
  PoissonNLLLoss: signature('log_input, full, size_average, eps, reduce, reduction'),
  SmoothL1Loss: signature('size_average, reduce, reduction, beta'),
  SoftMarginLoss: signature('size_average, reduce, reduction'),
  TripletMarginLoss: signature('margin, p, eps, swap, size_average, reduce, reduction'),
}

/** The functions that take the two deprecated arguments. */
export const lossFunctions: Readonly<Record<string, readonly ParameterFact[]>> = {
  binary_cross_entropy: signature('input, target, weight, size_average, reduce, reduction'),
  binary_cross_entropy_with_logits: signature('input, target, weight, size_average, reduce, reduction, pos_weight'),
  cosine_embedding_loss: signature('input1, input2, target, margin, size_average, reduce, reduction'),
  cross_entropy: signature('input, target, weight, size_average, ignore_index, reduce, reduction, label_smoothing'),
  hinge_embedding_loss: signature('input, target, margin, size_average, reduce, reduction'),
  kl_div: signature('input, target, size_average, reduce, reduction, log_target'),
  l1_loss: signature('input, target, size_average, reduce, reduction, weight'),
  margin_ranking_loss: signature('input1, input2, target, margin, size_average, reduce, reduction'),
  mse_loss: signature('input, target, size_average, reduce, reduction, weight'),
  multi_margin_loss: signature('input, target, p, margin, weight, size_average, reduce, reduction'),
  multilabel_margin_loss: signature('input, target, size_average, reduce, reduction'),
  multilabel_soft_margin_loss: signature('input, target, weight, size_average, reduce, reduction'),
  nll_loss: signature('input, target, weight, size_average, ignore_index, reduce, reduction'),
  poisson_nll_loss: signature('input, target, log_input, full, size_average, eps, reduce, reduction'),
  smooth_l1_loss: signature('input, target, size_average, reduce, reduction, beta'),
  soft_margin_loss: signature('input, target, size_average, reduce, reduction'),
  triplet_margin_loss: signature('anchor, positive, negative, margin, p, eps, swap, size_average, reduce, reduction'),
}
