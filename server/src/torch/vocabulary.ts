/**
 * The words without which a text is not about training: each rule's findings contain one of them, or stand beside one.
 * Most Python files of a project, and nearly all that an editor opens elsewhere, are done with after this look.
 */
export const concernsTraining = (text: string): boolean => words.test(text)

const words =
  /torch|lightning|accelerate|timm|transformers|deepspeed|cuda|cudnn|tensor|\bnn\b|autocast|scaler|forward|backward|grad\b|loss|optim|sched|loader|dropout|softmax|\.step\(|\.eval\(|\.train\(|\.[a-z]+_\(/i
