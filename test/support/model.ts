import { createModel } from '../../server/src/semantic/create.ts'
import type { Model } from '../../server/src/semantic/model.ts'
import { knowledge } from '../../server/src/torch/knowledge.ts'
import { parser } from './parser.ts'

/** The model of a text, with the product's knowledge of PyTorch. */
export function modelOf(text: string): Model {
  const source = parser.open(text)
  try {
    return createModel(source.module, knowledge)
  } finally {
    source.dispose()
  }
}
