/** What the curves of PyTorch's schedulers look like, from 1 at their base rate, where the script's numbers are not seen. */

type Shape = (progress: number) => number

const positions = Array.from({ length: 91 }, (_, index) => index / 90)
const drawn = (shape: Shape): readonly number[] => positions.map(shape)
const cosine = (progress: number) => (1 + Math.cos(Math.PI * progress)) / 2
const triangle = (progress: number) => 1 - Math.abs(2 * (progress % 1) - 1)
const ramp =
  (from: number, until: number): Shape =>
  progress =>
    progress < until ? from + ((1 - from) * progress) / until : 1

export const shapes: Readonly<Record<string, readonly number[]>> = {
  StepLR: drawn(progress => 0.4 ** Math.floor(progress * 2.99)),
  MultiStepLR: drawn(progress => 0.4 ** ((progress >= 0.5 ? 1 : 0) + (progress >= 0.75 ? 1 : 0))),
  ConstantLR: drawn(progress => (progress < 0.3 ? 0.33 : 1)),
  LinearLR: drawn(ramp(0.33, 0.4)),
  ExponentialLR: drawn(progress => 0.03 ** progress),
  PolynomialLR: drawn(progress => Math.max(0, 1 - progress / 0.9)),
  CosineAnnealingLR: drawn(cosine),
  CosineAnnealingWarmRestarts: drawn(progress => cosine((progress * 2.99) % 1)),
  CyclicLR: drawn(progress => 0.2 + 0.8 * triangle(progress * 2.99)),
  OneCycleLR: drawn(progress => (progress < 0.3 ? 1 - 0.96 * cosine(progress / 0.3) : cosine((progress - 0.3) / 0.7))),
  ReduceLROnPlateau: drawn(progress => 0.3 ** Math.floor(progress * 2.99)),
}
